import { WORKSPACE } from "../played/routes/account.mjs";

export const looks = [{ name: "overview", url: `/w/${WORKSPACE}` }];
