import { Uploads } from "./uploads";

export default function Page() {
  return (
    <main>
      <header>
        <h1>Your files</h1>
        <p>
          They go straight from this page to Reupload. This application only says who may upload what, and hears by webhook
          when a file is ready.
        </p>
      </header>
      <Uploads />
    </main>
  );
}
