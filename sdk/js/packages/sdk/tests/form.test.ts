import { describe, expect, it } from "vitest";
import { fieldText, readForm } from "../src/router/form.js";
import { bytes, caught } from "./kit.js";

function request(pieces: Iterable<Uint8Array>, type = "multipart/form-data; boundary=b"): Request {
  const left = pieces[Symbol.iterator]();
  const body = new ReadableStream({
    pull(controller) {
      const { done, value } = left.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return new Request("http://x/", {
    method: "POST",
    headers: { "content-type": type },
    body,
    duplex: "half",
  } as RequestInit);
}

async function all(of: Request) {
  const parts: { name: string; filename: string | null; contentType: string; text: string }[] = [];
  for await (const part of readForm(of)) {
    parts.push({
      name: part.name,
      filename: part.filename,
      contentType: part.contentType,
      text: await fieldText(part, 1000),
    });
  }
  return parts;
}

const FORM =
  'preamble\r\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--bx\r\n\r\ny\r\n--b\r\n' +
  'content-type: text/plain; charset=utf-8\r\nCONTENT-DISPOSITION: form-data; name=file; filename="ü %22q%22;.txt"\r\n\r\n' +
  '\r\n--\r\n\r\n--b  \r\nContent-Disposition: form-data; name="empty"; filename=""\r\n\r\n\r\n--b--\r\nepilogue';
const PARTS = [
  { name: "a", filename: null, contentType: "", text: "x\r\n--bx\r\n\r\ny" },
  { name: "file", filename: 'ü "q";.txt', contentType: "text/plain; charset=utf-8", text: "\r\n--\r\n" },
  { name: "empty", filename: "", contentType: "", text: "" },
];

describe("a form", () => {
  // "--bx" is no boundary here only because the part's text says so: senders choose one that is not in the text.
  const form = FORM.replaceAll("--b", "--bound").replaceAll("--boundx", "--boux");
  const parts = PARTS.map((part) => ({ ...part, text: part.text.replaceAll("--bx", "--boux") }));
  const type = 'Multipart/Form-Data; charset=utf-8; boundary="bound"';

  it("is read whole, and byte by byte, and in any two pieces", async () => {
    const whole = bytes(form);
    expect(await all(request([whole], type))).toEqual(parts);
    expect(
      await all(
        request(
          [...whole].map((byte) => Uint8Array.of(byte)),
          type,
        ),
      ),
    ).toEqual(parts);
    for (let at = 1; at < whole.length; at += 1) {
      expect(await all(request([whole.subarray(0, at), whole.subarray(at)], type))).toEqual(parts);
    }
  });

  it("that ends anywhere before its end is refused", async () => {
    const whole = bytes(form.slice(0, form.indexOf("--bound--") + "--bound-".length));
    for (let end = 0; end < whole.length; end += 1) {
      await expect(all(request([whole.subarray(0, end)], type))).rejects.toMatchObject({ code: "MALFORMED_REQUEST" });
    }
  });

  it("is what FormData sends", async () => {
    const data = new FormData();
    data.append('na"me\n', 'va"lue');
    data.append("file", new File(["x"], 'a"\r\nb.txt', { type: "text/plain" }));
    expect(await all(new Request("http://x/", { method: "POST", body: data }))).toEqual([
      { name: 'na"me\r\n', filename: null, contentType: "", text: 'va"lue' },
      { name: "file", filename: 'a"\r\nb.txt', contentType: "text/plain", text: "x" },
    ]);
  });

  it("whose parts are not read is gone through all the same", async () => {
    const names: string[] = [];
    for await (const part of readForm(request([bytes(form)], type))) names.push(part.name);
    expect(names).toEqual(["a", "file", "empty"]);
  });

  it.each([
    ["text/plain", "application/json"],
    ["no boundary", "multipart/form-data"],
    ["an empty one", "multipart/form-data; boundary="],
    ["one of 71", `multipart/form-data; boundary=${"b".repeat(71)}`],
  ])("with %s is none", async (_, type) => {
    await expect(async () => all(request([bytes(form)], type))).rejects.toMatchObject({ code: "MALFORMED_REQUEST" });
  });

  it.each([
    ["no disposition", "--b\r\n\r\nx\r\n--b--"],
    ["no name", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"],
    ["another disposition", '--b\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n--b--'],
  ])("with a part of %s is refused", async (_, text) => {
    await expect(all(request([bytes(text)]))).rejects.toMatchObject({ code: "MALFORMED_REQUEST" });
  });

  it("with headers or fields without end is refused before they are all read", async () => {
    for (const head of ["--b\r\nX: ", '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n']) {
      let given = 0;
      const endless = function* () {
        yield bytes(head);
        for (; given < 100_000; given += 1) yield new Uint8Array(1024).fill(97);
      };
      expect(await caught(all(request(endless())))).toMatchObject({ status: 413 });
      expect(given).toBeLessThan(1000);
    }
  });
});
