// What a browser can show of a file, on its page: real film, sound, documents and text from the real CDN host.
import { expect, it } from "vitest";
import { recordedVideo, shortPdf, shortSound } from "./media";
import { button, heading, served } from "./served";

const here = served();

const SOON = { timeout: 10_000 };

it("shows film, sound, documents and text in place, and says when it cannot", async () => {
  const { app, server } = here;
  // The server's own pages may read files, whatever pages the project lets upload.
  const [project] = JSON.parse(await server.admin("project", "list", "--json"));
  await server.admin("project", "update", project.id, "--no-origins");
  const page = await app.open(server.link);
  const downloads: string[] = [];
  page.on("download", (download) => downloads.push(download.url()));
  const openFiles = async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Files", exact: true }).click();
    await heading(page, "Files");
  };
  const show = async (name: string) => {
    await openFiles();
    await page.getByRole("article").filter({ hasText: name }).getByRole("link").click();
    await heading(page, name);
  };
  await openFiles();
  await page.locator('input[type="file"]').setInputFiles([
    { name: "film.webm", mimeType: "video/webm", buffer: await recordedVideo(page) },
    { name: "tone.wav", mimeType: "audio/wav", buffer: shortSound() },
    { name: "paper.pdf", mimeType: "application/pdf", buffer: shortPdf("Hello") },
    {
      name: "drawing.svg",
      mimeType: "image/svg+xml",
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    },
    { name: "words.txt", mimeType: "text/plain", buffer: Buffer.from("Words.") },
  ]);
  await page.getByRole("region", { name: "Uploads" }).getByText("5 files uploaded").waitFor();

  await show("film.webm");
  const video = page.locator("video");
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth), SOON).toBe(160);
  await video.evaluate((element: HTMLVideoElement) => element.play());
  await show("tone.wav");
  const sound = page.locator("audio");
  await expect.poll(() => sound.evaluate((element: HTMLAudioElement) => element.duration), SOON).toBeCloseTo(0.5, 1);
  await show("paper.pdf");
  await page.locator("iframe").waitFor();
  await expect.poll(() => page.frames().some((frame) => frame.url().includes("/paper.pdf")), SOON).toBe(true);
  await show("drawing.svg");
  await page.getByText('<svg xmlns="http://www.w3.org/2000/svg"/>').waitFor();

  // What the CDN host refuses is said, and can be tried again.
  for (const name of ["film.webm", "tone.wav", "paper.pdf", "words.txt"]) {
    await page.route(/\/v1\/files\//, (route) => route.fulfill({ status: 404, json: { error: "NOT_FOUND" } }));
    await page.reload();
    await show(name);
    await page.getByText("It could not be shown.").waitFor();
    await page.unroute(/\/v1\/files\//);
    await button(page, "Try again").click();
    await page.locator("video, audio, iframe, pre:has-text('Words.')").waitFor();
  }
  expect(downloads).toEqual([]);
});
