//! What the dashboard's pages need of cargo (`src/http/pages/`): rust-embed takes a folder by its canonical path, so it has to be there when
//! the server is compiled, empty or not; and a release, which has the pages inside, is compiled again when they have changed. A debug build
//! reads them at run time.

fn main() {
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../dashboard/dist");
    // Sources that cannot be written to are compiled without pages.
    let _ = std::fs::create_dir_all(pages);
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={pages}");
    }
}
