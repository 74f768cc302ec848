import { ReuploadClient } from "@reupload/client";

const client = new ReuploadClient({ apiUrl: "/api/reupload" });
const input = document.querySelector("#file");
const output = document.querySelector("#output");

input.addEventListener("change", async () => {
  const onProgress = ({ percent }) => (output.textContent = `${percent} %`);
  try {
    const { uploadId, fileId } = await client.uploadFile(input.files[0], { onProgress });
    await client.pollUploadStatus(uploadId); // until the server has checked it
    output.textContent = `Stored as ${fileId}`;
  } catch (error) {
    output.textContent = error.message;
  }
});
