#![no_main]
//! Whatever the text, reading it by shortcuts gives the same cluster, or the same error, as without.

#[path = "../../tests/describe/mod.rs"]
mod describe;

use libfuzzer_sys::fuzz_target;
use rbac_check::load::tree::utf8;
use rbac_check::load::{Format, Loader, Options};

fn outcome(text: &str, shortcuts: bool) -> String {
    let mut loader = Loader::new(Options {
        defaults: false,
        ..Options::default()
    });
    if !shortcuts {
        loader.take_no_shortcuts();
    }
    match loader.add_text("fuzz.json", text, Format::Json) {
        Ok(()) => describe::describe(&loader.finish()),
        Err(error) => format!("{error:?}"),
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = utf8(data) {
        assert_eq!(outcome(text, true), outcome(text, false));
    }
});
