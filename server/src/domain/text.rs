//! Texts of forms and queries, read: what is blank counts as absent.

use super::{ids::ProjectId, refusal::Refusal};

/// A text without the blanks at its ends; a blank one is absent.
pub fn blank_is_absent(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// `projectId`; `VALIDATION_ERROR` unless it is a UUID.
pub fn parse_project(text: Option<&str>) -> Result<Option<ProjectId>, Refusal> {
    let text = blank_is_absent(text);
    text.map(|text| text.parse().map_err(|_| Refusal::invalid("projectId is not a UUID."))).transpose()
}

/// `true` or `false` in any case; else `VALIDATION_ERROR` with the field's name.
pub fn parse_bool(name: &str, text: Option<&str>) -> Result<Option<bool>, Refusal> {
    match blank_is_absent(text).map(str::to_ascii_lowercase).as_deref() {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(other) => Err(Refusal::invalid(format!("{name} must be true or false, not {other:?}."))),
    }
}
