#![no_main]
//! Whatever the bytes, reading them as an AuthorizationConfiguration or as the kubeconfig of a webhook ends
//! without a panic, and every complaint has a place. The first byte chooses.

use libfuzzer_sys::fuzz_target;
use rbac_check::apiserver::authorization_config::Kubeconfig;
use rbac_check::apiserver::{authorizers, webhook_kubeconfig};

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    if choice % 2 == 0 {
        let stat = &mut |path: &str| match path.len() % 3 {
            0 => Kubeconfig::File,
            1 => Kubeconfig::Other,
            _ => Kubeconfig::Unreadable("no".to_owned()),
        };
        if let Err(refusal) = authorizers::judge(data, stat) {
            assert!(!refusal.message.is_empty());
            let places = refusal.places.iter();
            assert!(places.map(|p| (p.line, p.column)).all(|at| at > (0, 0)));
        }
        return;
    }
    let mut read = |path: &str| match path {
        "etc/kubeconfig" => Ok(Some(data.to_vec())),
        _ => Ok(None),
    };
    if let Ok(connection) = webhook_kubeconfig::load("etc/kubeconfig", &mut read) {
        assert!(connection.url.contains("://"));
    }
});
