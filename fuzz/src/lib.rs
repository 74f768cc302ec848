//! What the targets share.
//!
//! One more target: a file in `fuzz_targets/`, a `[[bin]]` in `Cargo.toml`, its name in `TARGETS` of the Makefile.

use std::{fs, path::Path};

/// Writes the first inputs of a target, which libFuzzer then changes. They are made, not kept: they follow the code.
pub fn plant<'a>(target: &str, seeds: impl IntoIterator<Item = (&'a str, Vec<u8>)>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder).expect("the corpus can be written");
    for (name, bytes) in seeds {
        fs::write(folder.join(format!("seed-{name}")), bytes).expect("the corpus can be written");
    }
}
