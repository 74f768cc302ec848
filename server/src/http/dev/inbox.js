// The page of the webhook inbox. What comes in is shown as text only: it may be anybody's.

const MOST_ENTRIES = 200;
const RETRY_AFTER_MS = 1000;
/** What an <img> shows; the CDN host serves these and no other picture in place. */
const PICTURES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp"];

const byId = (id) => document.getElementById(id);
const list = byId("entries");
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** An element with a text and a class. */
function make(tag, text, className = "") {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

/** Text of anything, or nothing. */
const text = (value) => (typeof value === "string" ? value : "");

function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), 4);
  return `${(bytes / 1024 ** power).toFixed(1)} ${["", "KiB", "MiB", "GiB", "TiB"][power]}`;
}

/** What an event says in a few words, beside the file's name. */
function about(type, data) {
  if (type === "file.updated" && Array.isArray(data.changes)) return `changed: ${data.changes.map(text).join(", ")}`;
  if (type === "file.failed") return text(data.reason);
  if (type === "file.uploaded" && Number.isFinite(data.sizeBytes)) return `${text(data.mimeType)}, ${size(data.sizeBytes)}`;
  return "";
}

/** JSON with its parts in colour. */
function colour(json) {
  const parts = json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)|[^"\d\-tfn]+|./gs);
  return Array.from(parts, ([all, string, colon, other]) => {
    if (string) return colon ? [make("span", string, "key"), colon] : make("span", string, "string");
    return other ? make("span", other, "other") : all;
  }).flat();
}

function check(element, problem, right) {
  element.classList.toggle("right", problem === null);
  element.textContent = problem === null ? right : problem;
}

function fillPicture(figure, data) {
  const image = figure.querySelector("img");
  const caption = figure.querySelector("figcaption");
  image.addEventListener("error", () => {
    image.hidden = true;
    caption.textContent = "The picture is not there any more, or its signed address has expired.";
  });
  caption.textContent = data.isPublic ? "Public: by its permanent address" : "Private: by the signed address in the event";
  image.alt = `The picture ${text(data.name)}`;
  image.src = text(data.url);
  figure.hidden = false;
}

/** What only an opened entry shows. */
function fill(item, entry, event, data) {
  for (const line of item.querySelectorAll(".signatures li")) {
    const problem = line.dataset.header === "webhook-signature" ? entry.standardProblem : entry.signatureProblem;
    check(line, problem === null ? null : `${line.dataset.header}: ${problem}`, `${line.dataset.header} is right.`);
  }
  item.querySelector("pre code").append(...(event === null ? [entry.body] : colour(JSON.stringify(event, null, 2))));
  item.querySelector("dl").append(
    ...entry.headers.flatMap(([name, value]) => {
      const description = document.createElement("dd");
      description.append(make("code", value));
      return [make("dt", name), description];
    }),
  );
  if (isRight(entry) && PICTURES.includes(data.mimeType) && data.url) fillPicture(item.querySelector("figure"), data);
}

const isRight = (entry) => entry.signatureProblem === null && entry.standardProblem === null;

/** The list item of an entry. */
function show(entry) {
  const event = parse(entry.body);
  const data = event?.data ?? {};
  const type = text(event?.type) || "no event";
  const name = text(data.name);
  const item = byId("entry").content.cloneNode(true).firstElementChild;
  const find = (selector) => item.querySelector(selector);

  find(".type").textContent = type;
  find(".type").dataset.type = type;
  find(".name").textContent = name || "(no file)";
  find(".about").textContent = about(type, data);
  find(".marks").append(
    ...[
      event?.test === true && make("span", "test", "mark"),
      entry.attempt > 1 && make("span", `attempt ${entry.attempt}`, "mark"),
      entry.seenBefore && make("span", "seen before", "mark again"),
    ].filter(Boolean),
  );
  check(find(".check"), entry.signatureProblem ?? entry.standardProblem, "Signature right");
  const at = new Date(entry.receivedAt);
  Object.assign(find("time"), { dateTime: entry.receivedAt, textContent: clock.format(at), title: full.format(at) });
  find("details").addEventListener("toggle", () => fill(item, entry, event, data), { once: true });

  const replay = find(".replay");
  replay.hidden = entry.deliveryId === null;
  replay.setAttribute("aria-label", `Replay ${type} ${name}`);
  replay.addEventListener("click", () => send("replay", { deliveryId: entry.deliveryId }));
  return item;
}

function showAll(entries, areNew) {
  for (const entry of entries) {
    const item = show(entry);
    item.classList.toggle("fresh", areNew);
    list.prepend(item);
    if (areNew) {
      const [type, name, signature] = [".type", ".name", ".check"].map((part) => item.querySelector(part).textContent);
      byId("news").textContent = `New: ${type} ${name}. ${signature}.`;
    }
  }
  while (list.children.length > MOST_ENTRIES) list.lastElementChild.remove();
  byId("empty").hidden = list.children.length > 0;
}

/** Asks the server; a refusal throws its sentence. */
async function ask(path, options) {
  const response = await fetch(`/dev/webhooks/${path}`, options);
  const answer = parse(await response.text());
  if (!response.ok) throw new Error(answer?.message ?? `The server answered ${response.status}.`);
  return answer;
}

async function send(path, body) {
  const notice = byId("notice");
  try {
    notice.hidden = true;
    await ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  } catch (error) {
    notice.textContent = `It was not sent: ${error.message}`;
    notice.hidden = false;
  }
}

function connection(word, className) {
  const element = byId("connection");
  if (element.textContent !== word) Object.assign(element, { textContent: word, className });
}

/** Asks for what comes next, for ever; the server answers when there is something. */
async function follow() {
  let after = null;
  for (;;) {
    // A hidden page asks nothing: browsers lend a host six connections.
    if (document.hidden) await new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
    try {
      const { entries, firstUpload } = await ask(after === null ? "entries" : `entries?after=${after}`);
      byId("command").textContent = firstUpload;
      showAll(entries, after !== null);
      after = entries.at(-1)?.number ?? after ?? 0;
      connection("Live", "live");
    } catch {
      connection("reupload dev does not answer; trying again", "lost");
      await new Promise((done) => setTimeout(done, RETRY_AFTER_MS));
    }
  }
}

const menu = byId("menu");
for (const button of menu.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    menu.open = false;
    menu.querySelector("summary").focus();
    send("test", { type: button.dataset.test });
  });
}
document.addEventListener("click", ({ target }) => menu.contains(target) || (menu.open = false));
menu.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

byId("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(byId("command").textContent);
  byId("copy").textContent = "Copied";
  setTimeout(() => (byId("copy").textContent = "Copy"), 2000);
});

follow();
