#![no_main]
//! Whatever the text, reading it as a kubeconfig ends without a panic, and so does looking up every
//! context and user that it names.

use libfuzzer_sys::fuzz_target;
use rbac_check::load::kubeconfig;
use std::path::Path;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Ok(config) = kubeconfig::parse("config", &text, Some(Path::new("folder"))) else {
        return;
    };
    let _ = config.context(None);
    for (name, _) in config.users() {
        assert!(config.user(name).is_ok());
    }
});
