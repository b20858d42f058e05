//! Values that only Kubernetes' functions understand.

use super::eval::EvalError;
use super::library::image::Image;
use super::library::named_format::NamedFormat;
use super::library::net::Cidr;
use super::library::quantity::Quantity;
use super::library::semver::Semver;
use super::library::url::Url;
use std::cmp::Ordering;
use std::net::IpAddr;

/// One of them.
#[derive(Clone, Debug)]
pub enum Opaque {
    /// `url('…')`.
    Url(Url),
    /// `ip('…')`.
    Ip(IpAddr),
    /// `cidr('…')`.
    Cidr(Cidr),
    /// `quantity('…')`.
    Quantity(Quantity),
    /// `semver('…')`.
    Semver(Semver),
    /// `format.named('…')`.
    Format(&'static NamedFormat),
    /// `image('…')`.
    Image(Image),
}

impl Opaque {
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Opaque::Url(_) => "kubernetes.URL",
            Opaque::Ip(_) => "net.IP",
            Opaque::Cidr(_) => "net.CIDR",
            Opaque::Quantity(_) => "kubernetes.Quantity",
            Opaque::Semver(_) => "kubernetes.Semver",
            Opaque::Format(_) => "kubernetes.NamedFormat",
            Opaque::Image(_) => "kubernetes.Image",
        }
    }

    pub(super) fn go_type(&self) -> &'static str {
        match self {
            Opaque::Url(_) => "cel.URL",
            Opaque::Ip(_) => "cel.IP",
            Opaque::Cidr(_) => "cel.CIDR",
            Opaque::Quantity(_) => "cel.Quantity",
            Opaque::Semver(_) => "cel.Semver",
            Opaque::Format(_) => "*cel.Format",
            Opaque::Image(_) => "cel.Image",
        }
    }

    /// Equality; other kinds are no overload.
    pub(super) fn equals(&self, other: &Self) -> Result<bool, EvalError> {
        Ok(match (self, other) {
            (Opaque::Url(a), Opaque::Url(b)) => a.text == b.text,
            (Opaque::Ip(a), Opaque::Ip(b)) => a == b,
            (Opaque::Cidr(a), Opaque::Cidr(b)) => a == b,
            (Opaque::Quantity(a), Opaque::Quantity(b)) => a.compare(b) == Ordering::Equal,
            (Opaque::Semver(a), Opaque::Semver(b)) => a.compare(b) == Ordering::Equal,
            (Opaque::Format(a), Opaque::Format(b)) => std::ptr::eq(*a, *b),
            (Opaque::Image(a), Opaque::Image(b)) => a == b,
            _ => return Err(EvalError::no_overload()),
        })
    }

    /// The length that cost counts.
    pub(super) fn size(&self) -> u64 {
        match self {
            Opaque::Ip(IpAddr::V4(_)) => 4,
            Opaque::Ip(IpAddr::V6(_)) => 16,
            Opaque::Cidr(cidr) if cidr.addr.is_ipv4() => 4,
            Opaque::Cidr(_) => 16,
            _ => 1,
        }
    }
}
