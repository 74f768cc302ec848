//! What commands print: nothing in it steers the terminal, and who reads it may stop.

use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};

/// Prints a line at once.
pub(super) fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// As [`say`], but a reader that has gone, such as `head`, has seen what it wanted.
pub(super) fn tell(line: &str) -> io::Result<()> {
    say(line).or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// A bar on standard error; nothing where that is no terminal.
pub(super) fn bar(length: u64, what: &'static str, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what)
}

/// A text as it came from somebody must not steer the terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_does_not_steer_the_terminal() {
        assert_eq!(printable("smörgås \u{1b}[31m\r\n.txt"), "smörgås \u{fffd}[31m\u{fffd}\u{fffd}.txt");
    }
}
