#![no_main]
//! Whatever the bytes, reading them as a policy file of the ABAC mode ends without a panic: with policies in the
//! order of their lines, of which any may be asked, or with an error that names the file.

use libfuzzer_sys::fuzz_target;
use rbac_check::apiserver::policy_file::policies;
use rbac_check::authz::abac::Abac;
use rbac_check::model::{Attributes, Request};

fuzz_target!(|data: &[u8]| {
    let policies = match policies("f", data) {
        Ok(policies) => policies,
        Err(error) => {
            assert!(error.starts_with("error reading policy file f"));
            return;
        }
    };
    assert!(policies.is_sorted_by(|a, b| a.line < b.line));
    let abac = Abac::new(policies);
    for request in [
        Request::Resource {
            verb: "get",
            group: "",
            resource: "pods",
            subresource: "",
            namespace: "n",
            name: "",
        },
        Request::NonResource {
            verb: "get",
            path: "/metrics",
        },
    ] {
        let allowed = abac.decide(&Attributes {
            user: "alice",
            groups: &["system:authenticated"],
            request,
            ..Attributes::default()
        });
        assert!(allowed.is_none_or(|policy| policy < abac.policies().len()));
    }
});
