// What every page can do when scripts run. Without them it can be read and walked all the same.

import { markContents } from "./contents";
import { addCopyButtons } from "./copy";
import { openMenuGently } from "./menu";
import { offerSearch } from "./search";
import { offerTheme } from "./theme";

offerTheme();
offerSearch();
addCopyButtons(document);
markContents();
openMenuGently();
