/** A landscape, so that previews have something to show. `hue` makes each another one. */
async function picture(name: string, hue: number, bytes: number): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = 320;
  canvas.height = 320;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  const sky = pen.createLinearGradient(0, 0, 0, 220);
  sky.addColorStop(0, `hsl(${hue} 70% 45%)`);
  sky.addColorStop(1, `hsl(${hue + 50} 80% 82%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, 320, 320);
  pen.fillStyle = "hsl(48 100% 92%)";
  pen.beginPath();
  pen.arc(220, 120, 34, 0, 7);
  pen.fill();
  for (const [height, light] of [
    [0, 38],
    [45, 26],
    [85, 16],
  ] as const) {
    pen.fillStyle = `hsl(${hue + 20} 35% ${light}%)`;
    pen.beginPath();
    pen.moveTo(0, 320);
    for (let x = 0; x <= 320; x += 8) pen.lineTo(x, 190 + height + 26 * Math.sin(x / (46 + height / 3) + height));
    pen.lineTo(320, 320);
    pen.fill();
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg"));
  if (!blob) throw new Error("no picture");
  // Decoders stop at the end of the picture, so what follows only makes it look as large as a photo.
  return new File([blob, new Uint8Array(Math.max(0, bytes - blob.size))], name, { type: "image/jpeg" });
}

const MB = 1024 * 1024;
const plain = (name: string, type: string, bytes: number) =>
  Promise.resolve(new File([new Uint8Array(bytes)], name, { type }));

export const makers = {
  harbour: () => picture("harbour-at-dawn.jpg", 200, 2.4 * MB),
  hills: () => picture("hills.jpg", 90, 1.1 * MB),
  portrait: () => picture("me.jpg", 280, 0.6 * MB),
  report: () => plain("Annual report 2026.pdf", "application/pdf", 3.2 * MB),
  long: () =>
    plain(
      "minutes-of-the-general-assembly-of-the-harbour-cooperative-2026-11-28-final-v3.docx",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      0.4 * MB,
    ),
  video: () => plain("launch.mp4", "video/mp4", 18 * MB),
  song: () => plain("interview.mp3", "audio/mpeg", 5.5 * MB),
  archive: () => plain("sources.zip", "application/zip", 7 * MB),
  script: () => plain("config.json", "application/json", 1800),
  arabic: () => plain("تقرير سنوي.pdf", "application/pdf", 1.2 * MB),
};

export type StoryFile = keyof typeof makers;
