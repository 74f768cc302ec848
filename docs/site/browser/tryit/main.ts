import { offerSamples } from "../samples";

offerSamples();
