//! Every response must be one that the OpenAPI document describes.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde_json::{Value, json};

static SPEC: LazyLock<Value> = LazyLock::new(|| {
    serde_json::to_value(reupload::http::document("http://127.0.0.1:4000", "http://127.0.0.1:4001"))
        .expect("the document is JSON")
});

static DASHBOARD: LazyLock<Value> = LazyLock::new(|| {
    serde_json::to_value(reupload::http::dashboard_document("http://127.0.0.1:4000")).expect("the document is JSON")
});

/// The document of the API and the CDN host.
pub(crate) fn spec() -> &'static Value {
    &SPEC
}

/// The document of the dashboard's own API.
pub(crate) fn dashboard_spec() -> &'static Value {
    &DASHBOARD
}

/// The document that has a path.
fn spec_of(path: &str) -> &'static Value {
    if path.starts_with("/api/dashboard") { dashboard_spec() } else { spec() }
}

/// Panics unless `status` and `body` are described for this operation. An unknown path must answer 404, a known path with a method that it
/// does not have 405.
pub(crate) fn check(method: &str, path: &str, status: u16, content_type: &str, body: &[u8]) {
    let what = format!("{method} {path} -> {status} {}", String::from_utf8_lossy(&body[..body.len().min(400)]));
    let described = match operation(method, path) {
        Found::Operation(operation) => operation["responses"].get(status.to_string()).cloned(),
        Found::OtherMethod => (status == 405).then(error_response),
        Found::Nothing => (status == 404).then(error_response),
    };
    let described = described.unwrap_or_else(|| panic!("the document does not know this answer: {what}"));
    if status >= 400 || content_type.starts_with("application/json") && described.get("content").is_some() {
        check_json(spec_of(path), &described, status, body, &what);
    }
}

fn check_json(spec: &'static Value, described: &Value, status: u16, body: &[u8], what: &str) {
    let Some(schema) = described.pointer("/content/application~1json/schema") else {
        assert!(status < 400, "an error without a JSON body in the document: {what}");
        return;
    };
    // The answer to a HEAD has no body.
    if body.is_empty() && what.starts_with("HEAD") {
        return;
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("not JSON ({error}): {what}"));
    let validator = validator(spec, schema);
    let errors: Vec<String> =
        validator.iter_errors(&body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{what} does not fit the document: {errors:?}");
}

/// Made once a schema, as that takes longer than most requests.
fn validator(spec: &'static Value, schema: &Value) -> Arc<Validator> {
    static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(made.entry(format!("{} {schema}", spec["info"]["title"])).or_insert_with(|| {
        let mut root = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "components": spec["components"] });
        root["allOf"] = json!([schema]);
        Arc::new(jsonschema::options().should_validate_formats(true).build(&root).expect("the schema is valid"))
    }))
}

fn error_response() -> Value {
    json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ErrorBody" } } } })
}

enum Found<'a> {
    Operation(&'a Value),
    OtherMethod,
    Nothing,
}

fn operation(method: &str, path: &str) -> Found<'static> {
    let path = path.split('?').next().unwrap_or(path);
    let trimmed = path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path);
    // HEAD answers as GET does.
    let method = if method == "HEAD" { "get" } else { &method.to_lowercase() };
    let paths = spec_of(path)["paths"].as_object().expect("paths");
    match paths.iter().find(|(template, _)| matches(template, trimmed)) {
        None => Found::Nothing,
        Some((_, item)) => item.get(method).map_or(Found::OtherMethod, Found::Operation),
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (left, right): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    left.len() == right.len()
        && left.iter().zip(&right).all(|(want, got)| want == got || (want.starts_with('{') && !got.is_empty()))
}
