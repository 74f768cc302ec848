import { Outlet } from "react-router";
import { Tray } from "./Tray";

/** Around the signed-in pages: uploads go on from one to the next, and end when the user signs out. */
export const UploadFrame = () => (
  <>
    <Outlet />
    <Tray />
  </>
);
