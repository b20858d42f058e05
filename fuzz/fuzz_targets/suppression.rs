#![no_main]
//! Whatever comments and annotations say, they are understood or refused at their place. The first byte
//! chooses: a text as it is, or its lines as comments, as annotations, or as one suppression.

use libfuzzer_sys::fuzz_target;
use rbac_check::lint::suppress::{self, ANNOTATION};
use rbac_check::model::FileId;

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let words = String::from_utf8_lossy(data);
    let text = match choice % 4 {
        0 => words.into_owned(),
        1 => words.lines().map(|line| format!("a: 1 # rbac-check: ignore{line}\n")).collect(),
        2 => {
            let quoted = serde_json::to_string(&words).expect("a string");
            format!("kind: Role\nmetadata: {{annotations: {{{ANNOTATION}: {quoted}}}}}\n")
        }
        _ => {
            if let Ok((rules, _, reason)) = suppress::parse(&words) {
                assert!(!rules.is_empty() && !reason.trim().is_empty());
            }
            return;
        }
    };
    match suppress::in_text(FileId(1), &text) {
        Ok(found) => {
            for suppression in found {
                assert!(!suppression.rules.is_empty() && !suppression.reason.is_empty());
            }
        }
        Err(error) => assert!(error.position.line >= 1 && error.position.column >= 1),
    }
});
