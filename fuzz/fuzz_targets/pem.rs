#![no_main]
//! Whatever the text, its blocks, certificates and keys are read without a panic.

use libfuzzer_sys::fuzz_target;
use rbac_check::pki;

fuzz_target!(|data: &[u8]| {
    let read = pki::pem::blocks(data).count();
    assert!(read <= data.len() / 20);
    let _ = pki::certificates_from_pem(data);
    let _ = pki::public_keys_from_pem(data);
    let _ = pki::private_key_kind_from_pem(data);
});
