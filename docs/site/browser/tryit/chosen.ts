// The file that was chosen: kept in IndexedDB, so that the next page has it too.

const STORE = "files";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("reupload.tryit", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function ask<Answer>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Answer>,
): Promise<Answer> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = work(database.transaction(STORE, mode).objectStore(STORE));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.transaction?.addEventListener("complete", () => database.close());
  });
}

/** The file of the page before, if there is one and the browser lets it be kept. */
export const chosenFile = (): Promise<File | undefined> =>
  ask<File | undefined>("readonly", (store) => store.get("chosen")).catch(() => undefined);

/** Keeps it for the next page. One that cannot be kept has to be chosen there again. */
export const keepFile = (file: File): Promise<unknown> =>
  ask("readwrite", (store) => store.put(file, "chosen")).catch(() => undefined);

export const forgetFile = (): Promise<unknown> =>
  ask("readwrite", (store) => store.delete("chosen")).catch(() => undefined);
