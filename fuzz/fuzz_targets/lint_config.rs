#![no_main]
//! Whatever a configuration says, it is read or refused at a place that the text has.

use libfuzzer_sys::fuzz_target;
use rbac_check::lint::config;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match config::parse(config::FILE, &text) {
        Ok(config) => {
            for exception in &config.exceptions {
                assert!(!exception.rules.is_empty() && !exception.reason.is_empty());
            }
        }
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1 && !error.message.is_empty());
            let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).count();
            assert!(error.line as usize <= lines + 1, "{error}");
        }
    }
});
