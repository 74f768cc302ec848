//! What the pages need of cargo (`src/http/pages/`): rust-embed takes a folder by its canonical path, so it has to be there when the server
//! is compiled, empty or not; and a release, which has the pages inside, is compiled again when they have changed. A debug build reads them
//! at run time.

const PAGES: [&str; 2] =
    [concat!(env!("CARGO_MANIFEST_DIR"), "/../dashboard/dist"), concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/site/dist")];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for pages in PAGES {
        // Sources that cannot be written to are compiled without pages.
        let _ = std::fs::create_dir_all(pages);
        if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
            println!("cargo::rerun-if-changed={pages}");
        }
    }
}
