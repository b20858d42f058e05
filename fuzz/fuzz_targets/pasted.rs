#![no_main]
//! Whatever is pasted, it is placed or not without a panic; what names a question asks one.

use libfuzzer_sys::fuzz_target;
use rbac_check::answer::pasted;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Some(pasted) = pasted::parse(&text) {
        assert!((400..=599).contains(&pasted.code));
        if let Some(asked) = pasted.asked {
            let _ = asked.request();
        }
    }
});
