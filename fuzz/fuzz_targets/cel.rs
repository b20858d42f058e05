#![no_main]
//! Whatever the expression, compiling and evaluating it ends, without a panic and within the limit of cost.

use libfuzzer_sys::fuzz_target;
use rbac_check::cel::{self, Environment, Expected, Value};

fuzz_target!(|data: &[u8]| {
    let expression = String::from_utf8_lossy(data);
    let claims = serde_json::json!({
        "sub": "jane", "n": 7, "half": 0.5, "b": true, "nil": null, "list": ["b", "a"], "map": {"k": "v", "a.b": 1},
        "text": &*expression,
    });
    let review = serde_json::json!({"user": "jane", "groups": ["a"], "uid": "", "extra": {"k": ["v"]}});
    let object = Value::object(claims.as_object().unwrap());
    for (environment, input) in [
        (Environment::claims(), object),
        (Environment::subject_access_review(), Value::from(&review)),
    ] {
        match cel::compile(&expression, &environment, Expected::Any) {
            Ok(program) => {
                let _ = program.evaluate(&input).map(|value| value.to_strings());
                let _ = program.mentions(&["claims", "sub"]);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
});
