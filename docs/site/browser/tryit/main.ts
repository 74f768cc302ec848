// On the page of an operation: tabs for its samples, and the panel that calls this server.

import { offerSamples } from "../samples";
import { Panel } from "./panel";
import type { Spec } from "./spec";

offerSamples();
const place = document.querySelector<HTMLElement>(".try[data-spec]");
if (place) new Panel(place, JSON.parse(place.dataset.spec ?? "") as Spec);
