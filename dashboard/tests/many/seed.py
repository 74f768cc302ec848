#!/usr/bin/env python3
"""Fills the database of a stopped `reupload dev` with many files: `seed.py DATA 100000`.

Each is a copy of a file that is there already, so upload a few of different kinds first. Copies share the bytes of their
original: look at them, do not delete them. Only for SQLite, and only for trying how lists hold up.
"""

import datetime
import pathlib
import random
import sqlite3
import sys
import uuid


def main(data: str, count: int) -> None:
    database = sqlite3.connect(pathlib.Path(data) / "reupload.db")
    database.row_factory = sqlite3.Row
    originals = [dict(row) for row in database.execute("SELECT * FROM files WHERE deleted_at IS NULL")]
    if not originals:
        sys.exit("There is no file to copy: upload one first.")
    variants: dict[bytes, list[dict]] = {}
    for row in database.execute("SELECT * FROM variants"):
        variants.setdefault(row["file_id"], []).append(dict(row))

    now = datetime.datetime.now(datetime.UTC)
    chance = random.Random(1)
    added: dict[str, list[int]] = {}
    with database:
        for n in range(count):
            original = chance.choice(originals)
            at = now - datetime.timedelta(seconds=60 + n * 37, microseconds=n % 997)
            folder = f"{chance.choice(['photos', 'invoices', 'exports', 'avatars'])}/{at.year}/{at.month:02}"
            stem, _, ending = original["name"].rpartition(".")
            name = f"{stem} {n}.{ending}" if stem else f"{ending} {n}"
            moment = at.isoformat(timespec="microseconds")
            copy = original | {
                "id": uuid.UUID(int=(int(at.timestamp() * 1000) << 80) | (7 << 76) | chance.getrandbits(64)).bytes,
                "name": name,
                "folder": folder,
                "search": f"{folder}/{name}".lower(),
                "created_at": moment,
                "updated_at": moment,
            }
            insert(database, "files", copy)
            for variant in variants.get(original["id"], []):
                insert(database, "variants", variant | {"file_id": copy["id"]})
            for scope in (f"project:{uuid.UUID(bytes=copy['project_id'])}", f"workspace:{uuid.UUID(bytes=copy['workspace_id'])}"):
                total = added.setdefault(scope, [0, 0])
                total[0] += copy["size_bytes"]
                total[1] += 1
        for scope, (size, files) in added.items():
            database.execute(
                "UPDATE usage SET used_bytes = used_bytes + ?, used_files = used_files + ? WHERE scope = ?",
                (size, files, scope),
            )
    print(f"{count} files added")


def insert(database: sqlite3.Connection, table: str, row: dict) -> None:
    marks = ", ".join("?" * len(row))
    database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]))
