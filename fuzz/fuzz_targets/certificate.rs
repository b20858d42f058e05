#![no_main]
//! Whatever the bytes, reading a certificate ends without a panic, and what was read can be judged.

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use rbac_check::pki::{self, Certificate, PublicKey};

fuzz_target!(|data: &[u8]| {
    let _ = PublicKey::from_spki_der(data);
    let Ok(certificate) = Certificate::parse(data) else {
        return;
    };
    assert_eq!(certificate.der(), data);
    let _ = (certificate.uris(), certificate.ip_addresses());
    let _ = (certificate.subject_string(), certificate.serial_decimal());
    let now = certificate.not_before();
    let chain = [certificate];
    let _ = pki::verify(&chain, &chain, now);
    let _ = pki::verify(&chain, &[], Timestamp::UNIX_EPOCH);
    let key = chain[0].public_key();
    for alg in ["RS256", "PS384", "ES256", "ES512", "EdDSA"] {
        let _ = key.verify_jws(alg, data, data.get(..64).unwrap_or_default());
    }
});
