// Makes what a server answered the same from run to run: ids, times, signatures and ports are replaced by others that stay.

import { createHash } from "node:crypto";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const EVENT = /evt_[0-9a-f]{32}/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** When an example happens, and how many seconds later each of its times is. */
const BEGIN = Date.UTC(2026, 0, 15, 9, 30);
const LATER = { updatedAt: 2, completedAt: 2, expiresAt: 3600, urlExpiresAt: 3602 };
const LENGTHS = { sig: 43, kid: 8 };

/** One for all answers of a run, so that an id is the same in each. */
export class Normalizer {
  #ids = new Map();
  #hosts;

  /** `hosts` maps the origins of the run to those of the examples. */
  constructor(hosts) {
    this.#hosts = Object.entries(hosts);
  }

  /** A copy of what JSON can hold. */
  value(value, key = "", place = 0) {
    if (Array.isArray(value)) return value.map((each, index) => this.value(each, key, index));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.value(each, name, place)]));
    }
    if (typeof value !== "string") return value;
    if (TIME.test(value)) return new Date(BEGIN + 1000 * (LATER[key] ?? (key === "at" ? place : 0))).toISOString().replace(".000", "");
    if (key === "requestId" || key === "x-request-id") return secret("request", 16);
    if (key === "nextCursor" && !value.startsWith("evt_")) return secret("cursor", 44);
    return this.#text(value);
  }

  #text(text) {
    const hosts = this.#hosts.reduce((left, [run, example]) => left.replaceAll(run, example), text);
    return hosts
      .replace(UUID, (id) => this.#id(id))
      .replace(EVENT, (id) => `evt_${this.#id(id).replaceAll("-", "")}`)
      .replace(/\/v1\/upload\/[\w.-]+/, `/v1/upload/${secret("kid", 8)}.${secret("upload", 43)}`)
      .replace(/\b(sig|kid)=[\w-]+/g, (_, name) => `${name}=${secret(name, LENGTHS[name])}`)
      .replace(/\bexp=\d+/, `exp=${BEGIN / 1000 + 300}`);
  }

  /** Ids are numbered as they come; each is a UUID of version 7 still. */
  #id(id) {
    if (!this.#ids.has(id)) this.#ids.set(id, this.#ids.size);
    const number = this.#ids.get(id);
    const hex = secret(`id ${number}`, 18);
    const time = (BEGIN + 1000 * number).toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6)}`;
  }
}

/** Something that looks drawn at random and is always the same. */
const secret = (name, length) => createHash("sha256").update(name).digest("hex").slice(0, length);
