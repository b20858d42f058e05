//! IP addresses and networks, as Go's `net/netip` reads them.

use super::text::quoted;
use crate::cel::eval::{EvalError, Evaluated};
use crate::cel::opaque::Opaque;
use crate::cel::value::Value;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// An address and how many of its bits are the network's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// The address as written.
    pub addr: IpAddr,
    /// The bits.
    pub bits: u8,
}

/// Go's `netip.ParseAddr`, with whether there is a zone.
fn parse_addr(text: &str) -> Result<(IpAddr, bool), String> {
    let fail = |message: &str, at: &str| {
        let near = if at.is_empty() {
            String::new()
        } else {
            format!(" (at {})", quoted(at))
        };
        format!("ParseAddr({}): {message}{near}", quoted(text))
    };
    match text.bytes().find(|b| matches!(b, b'.' | b':' | b'%')) {
        Some(b'.') => parse_v4(text)
            .map(|a| (IpAddr::V4(a), false))
            .map_err(|m| fail(&m, "")),
        Some(b':') => parse_v6(text, &fail),
        Some(_) => Err(fail("missing IPv6 address", "")),
        None => Err(fail("unable to parse IP", "")),
    }
}

fn parse_v4(text: &str) -> Result<Ipv4Addr, String> {
    let mut fields = [0u8; 4];
    let (mut value, mut position, mut digits) = (0u32, 0, 0);
    for (i, c) in text.bytes().enumerate() {
        match c {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err("IPv4 field has octet with leading zero".to_owned());
                }
                value = value * 10 + u32::from(c - b'0');
                digits += 1;
                if value > 255 {
                    return Err("IPv4 field has value >255".to_owned());
                }
            }
            b'.' => {
                if i == 0 || i == text.len() - 1 || text.as_bytes()[i - 1] == b'.' {
                    let at = quoted(&text[i..]);
                    return Err(format!("IPv4 field must have at least one digit (at {at})"));
                }
                if position == 3 {
                    return Err("IPv4 address too long".to_owned());
                }
                fields[position] = value as u8;
                position += 1;
                value = 0;
                digits = 0;
            }
            _ => {
                let at = quoted(text.get(i..).unwrap_or(""));
                return Err(format!("unexpected character (at {at})"));
            }
        }
    }
    if position < 3 {
        return Err("IPv4 address too short".to_owned());
    }
    fields[3] = value as u8;
    Ok(Ipv4Addr::from(fields))
}

fn parse_v6(text: &str, fail: &dyn Fn(&str, &str) -> String) -> Result<(IpAddr, bool), String> {
    let (mut s, zone) = match text.split_once('%') {
        Some((_, "")) => return Err(fail("zone must be a non-empty string", "")),
        Some((address, _)) => (address, true),
        None => (text, false),
    };
    let mut bytes = [0u8; 16];
    let mut ellipsis = None;
    if s.starts_with("::") {
        ellipsis = Some(0);
        s = &s[2..];
        if s.is_empty() {
            return Ok((IpAddr::V6(Ipv6Addr::UNSPECIFIED), zone));
        }
    }
    let mut i = 0;
    while i < 16 {
        let (mut off, mut acc) = (0, 0u32);
        for c in s.bytes() {
            let Some(digit) = (c as char).to_digit(16) else {
                break;
            };
            acc = (acc << 4) + digit;
            if off > 3 {
                return Err(fail("each group must have 4 or less digits", s));
            }
            if acc > 0xffff {
                return Err(fail("IPv6 field has value >=2^16", s));
            }
            off += 1;
        }
        if off == 0 {
            return Err(fail(
                "each colon-separated field must have at least one digit",
                s,
            ));
        }
        if s.as_bytes().get(off) == Some(&b'.') {
            if ellipsis.is_none() && i != 12 {
                return Err(fail(
                    "embedded IPv4 address must replace the final 2 fields of the address",
                    s,
                ));
            }
            if i + 4 > 16 {
                return Err(fail(
                    "too many hex fields to fit an embedded IPv4 at the end of the address",
                    s,
                ));
            }
            let v4 = parse_v4(s)
                .map_err(|message| fail(&message, if message.contains("(at") { "" } else { s }))?;
            bytes[i..i + 4].copy_from_slice(&v4.octets());
            s = "";
            i += 4;
            break;
        }
        bytes[i] = (acc >> 8) as u8;
        bytes[i + 1] = acc as u8;
        i += 2;
        s = &s[off..];
        if s.is_empty() {
            break;
        }
        if !s.starts_with(':') {
            return Err(fail("unexpected character, want colon", s));
        }
        if s.len() == 1 {
            return Err(fail("colon must be followed by more characters", s));
        }
        s = &s[1..];
        if s.starts_with(':') {
            if ellipsis.is_some() {
                return Err(fail("multiple :: in address", s));
            }
            ellipsis = Some(i);
            s = &s[1..];
            if s.is_empty() {
                break;
            }
        }
    }
    if !s.is_empty() {
        return Err(fail("trailing garbage after address", s));
    }
    match ellipsis {
        None if i < 16 => return Err(fail("address string too short", "")),
        Some(_) if i >= 16 => {
            return Err(fail(
                "the :: must expand to at least one field of zeros",
                "",
            ));
        }
        Some(at) if i < 16 => {
            let moved = i - at;
            bytes.copy_within(at..i, 16 - moved);
            bytes[at..16 - moved].fill(0);
        }
        _ => {}
    }
    Ok((IpAddr::V6(Ipv6Addr::from(bytes)), zone))
}

fn is_mapped(addr: IpAddr) -> bool {
    matches!(addr, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some())
}

fn parse_ip(text: &str) -> Result<IpAddr, String> {
    let shown = quoted(text);
    let (addr, zone) = parse_addr(text).map_err(|error| {
        format!("IP Address {shown} parse error during conversion from string: {error}")
    })?;
    if zone {
        return Err(format!("IP address {shown} with zone value is not allowed"));
    }
    if is_mapped(addr) {
        return Err(format!("IPv4-mapped IPv6 address {shown} is not allowed"));
    }
    Ok(addr)
}

fn parse_cidr(text: &str) -> Result<Cidr, String> {
    let told = |error: String| {
        format!("network address parse error during conversion from string: {error}")
    };
    let fail = |message: &str| told(format!("netip.ParsePrefix({}): {message}", quoted(text)));
    let (address, bits) = text.rsplit_once('/').ok_or_else(|| fail("no '/'"))?;
    let (addr, zone) = parse_addr(address).map_err(|error| {
        // The text of the address's error is kept within that of the prefix.
        fail(&error)
    })?;
    if zone {
        return Err(fail("IPv6 zones cannot be present in a prefix"));
    }
    let bad = format!("bad bits after slash: {}", quoted(bits));
    if bits.len() > 1 && !bits.starts_with(|c: char| ('1'..='9').contains(&c)) {
        return Err(fail(&bad));
    }
    let digits = bits.strip_prefix(['+', '-']).unwrap_or(bits);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(fail(&bad));
    }
    let number: i64 = bits.parse().map_err(|_| fail(&bad))?;
    let most = if addr.is_ipv4() { 32 } else { 128 };
    if !(0..=most).contains(&number) {
        return Err(fail("prefix length out of range"));
    }
    if is_mapped(addr) {
        return Err(format!(
            "IPv4-mapped IPv6 address {} is not allowed",
            quoted(text)
        ));
    }
    Ok(Cidr {
        addr,
        bits: number as u8,
    })
}

fn masked(addr: IpAddr, bits: u8) -> IpAddr {
    match addr {
        IpAddr::V4(v4) => {
            let mask = u32::MAX
                .checked_shl(32 - u32::from(bits.min(32)))
                .unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(v4) & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX
                .checked_shl(128 - u32::from(bits.min(128)))
                .unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(v6) & mask))
        }
    }
}

impl Cidr {
    fn contains(&self, addr: IpAddr) -> bool {
        self.addr.is_ipv4() == addr.is_ipv4()
            && masked(self.addr, self.bits) == masked(addr, self.bits)
    }

    /// Kubernetes compares the other address as written, so it must begin where this network begins.
    fn covers(&self, other: &Self) -> bool {
        self.addr.is_ipv4() == other.addr.is_ipv4()
            && masked(self.addr, self.bits) == other.addr
            && self.bits <= other.bits
    }
}

fn ip(addr: IpAddr) -> Value {
    Value::Opaque(Arc::new(Opaque::Ip(addr)))
}

fn cidr(cidr: Cidr) -> Value {
    Value::Opaque(Arc::new(Opaque::Cidr(cidr)))
}

/// Go's text of an address.
fn text(addr: IpAddr) -> String {
    addr.to_string()
}

/// Runs a function over addresses and networks.
pub(super) fn run(overload: &str, args: &[Value]) -> Option<Evaluated> {
    if let [Value::String(s)] = args {
        return Some(match overload {
            "string_to_ip" => parse_ip(s).map(ip).map_err(EvalError::new),
            "ip_is_canonical" => parse_ip(s)
                .map(|addr| Value::Bool(text(addr) == **s))
                .map_err(EvalError::new),
            "is_ip" => Ok(Value::Bool(parse_ip(s).is_ok())),
            "string_to_cidr" => parse_cidr(s).map(cidr).map_err(|error| {
                EvalError::new(format!(
                    "network address parse error during conversion from string: {error}"
                ))
            }),
            "is_cidr" => Ok(Value::Bool(parse_cidr(s).is_ok())),
            _ => return None,
        });
    }
    let [Value::Opaque(first), rest @ ..] = args else {
        return None;
    };
    Some(Ok(match (&**first, overload, rest) {
        (Opaque::Ip(addr), "ip_to_string", []) => Value::from(text(*addr)),
        (Opaque::Ip(addr), "ip_family", []) => Value::Int(if addr.is_ipv4() { 4 } else { 6 }),
        (Opaque::Ip(addr), "ip_is_unspecified", []) => Value::Bool(addr.is_unspecified()),
        (Opaque::Ip(addr), "ip_is_loopback", []) => Value::Bool(addr.is_loopback()),
        (Opaque::Ip(addr), "ip_is_link_local_multicast", []) => Value::Bool(match addr {
            IpAddr::V4(v4) => v4.octets()[..3] == [224, 0, 0],
            IpAddr::V6(v6) => v6.segments()[0] & 0xff0f == 0xff02,
        }),
        (Opaque::Ip(addr), "ip_is_link_local_unicast", []) => Value::Bool(is_link_local(*addr)),
        (Opaque::Ip(addr), "ip_is_global_unicast", []) => Value::Bool(
            !addr.is_unspecified()
                && !addr.is_loopback()
                && !addr.is_multicast()
                && !is_link_local(*addr)
                && *addr != IpAddr::V4(Ipv4Addr::BROADCAST),
        ),
        (Opaque::Cidr(c), "cidr_to_string", []) => {
            Value::from(format!("{}/{}", text(c.addr), c.bits))
        }
        (Opaque::Cidr(c), "cidr_ip", []) => ip(c.addr),
        (Opaque::Cidr(c), "cidr_prefix_length", []) => Value::Int(i64::from(c.bits)),
        (Opaque::Cidr(c), "cidr_masked", []) => cidr(Cidr {
            addr: masked(c.addr, c.bits),
            bits: c.bits,
        }),
        // What the text of the other says when it is wrong gets lost.
        (Opaque::Cidr(c), "cidr_contains_ip_string", [Value::String(s)]) => match parse_ip(s) {
            Ok(addr) => Value::Bool(c.contains(addr)),
            Err(_) => return Some(Err(EvalError::no_overload())),
        },
        (Opaque::Cidr(c), "cidr_contains_cidr_string", [Value::String(s)]) => match parse_cidr(s) {
            Ok(other) => Value::Bool(c.covers(&other)),
            Err(error) => {
                return Some(Err(EvalError::new(format!(
                    "network address parse error during conversion from string: {error}"
                ))));
            }
        },
        (Opaque::Cidr(c), "cidr_contains_ip_ip", [Value::Opaque(other)]) => match &**other {
            Opaque::Ip(addr) => Value::Bool(c.contains(*addr)),
            _ => return None,
        },
        (Opaque::Cidr(c), "cidr_contains_cidr", [Value::Opaque(other)]) => match &**other {
            Opaque::Cidr(other) => Value::Bool(c.covers(other)),
            _ => return None,
        },
        _ => return None,
    }))
}

fn is_link_local(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.segments()[0] & 0xffc0 == 0xfe80,
    }
}
