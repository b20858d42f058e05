#![no_main]
//! Whatever a baseline says, it is read or refused at a place; what is read can be written and read again.

use libfuzzer_sys::fuzz_target;
use rbac_check::lint::baseline::Baseline;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match Baseline::parse(&text) {
        Ok(baseline) => {
            let written = serde_json::to_string(&baseline).expect("writes");
            let again = Baseline::parse(&written).expect("reads what it wrote");
            assert_eq!(again.findings, baseline.findings);
        }
        Err((line, column, message)) => assert!(line >= 1 && column >= 1 && !message.is_empty()),
    }
});
