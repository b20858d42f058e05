//! Name constraints: which alternative names an authority may let its subjects claim.

use super::Certificate;
use super::certificate::address;
use super::der::{Reader, tag};
use super::quote::quote;
use super::url::Url;
use std::fmt;
use std::net::IpAddr;

/// The extension.
#[derive(Clone, Debug, Default)]
pub(super) struct NameConstraints {
    permitted: Subtrees,
    excluded: Subtrees,
}

#[derive(Clone, Debug, Default)]
struct Subtrees {
    dns: Vec<String>,
    uris: Vec<String>,
    emails: Vec<String>,
    ips: Vec<Network>,
}

#[derive(Clone, Debug)]
struct Network {
    address: Vec<u8>,
    mask: Vec<u8>,
}

/// A mail address: what stands before the last part, and the domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mailbox {
    local: String,
    domain: String,
}

impl NameConstraints {
    /// Reads the extension; the second answer says whether Go knows all the kinds of names in it.
    pub fn parse(mut value: Reader<'_>) -> Result<(NameConstraints, bool), String> {
        let (permitted, excluded) =
            sides(&mut value).ok_or("x509: invalid NameConstraints extension")?;
        if permitted.is_none() && excluded.is_none() {
            return Err("x509: empty name constraints extension".to_owned());
        }
        if [permitted, excluded].iter().flatten().any(Reader::is_empty) {
            return Err("x509: empty name constraints subtree sequence".to_owned());
        }
        let mut known = true;
        let permitted = Subtrees::parse(permitted.unwrap_or(Reader(&[])), &mut known)?;
        let excluded = Subtrees::parse(excluded.unwrap_or(Reader(&[])), &mut known)?;
        let constraints = NameConstraints {
            permitted,
            excluded,
        };
        Ok((constraints, known))
    }

    /// Go's words about the first name that these constraints do not allow.
    fn check(&self, names: &Names<'_>) -> Result<(), String> {
        let (permitted, excluded) = (&self.permitted, &self.excluded);
        for octets in names.ips {
            let shown = || quote(&address(octets));
            judge(
                "IP address",
                shown,
                &permitted.ips,
                &excluded.ips,
                |networks, _| {
                    let within = networks.iter().filter(|network| network.contains(octets));
                    let broadest = within.min_by_key(|network| network.mask.clone());
                    broadest.map(ToString::to_string)
                },
            )?;
        }
        for name in names.dns {
            if !domain_is_valid(name, false) {
                return Err(format!("x509: cannot parse dnsName {}", quote(name)));
            }
            let shown = || quote(name);
            judge(
                "DNS name",
                shown,
                &permitted.dns,
                &excluded.dns,
                |all, wild| domain(all, name, wild),
            )?;
        }
        for (uri, host) in &names.uris {
            if !domain_is_valid(host, false) {
                return Err(format!(
                    "x509: internal error: URI SAN {} failed to parse",
                    quote(&uri.text)
                ));
            }
            let shown = || quote(&uri.text);
            judge(
                "URI",
                shown,
                &permitted.uris,
                &excluded.uris,
                |all, wild| domain(all, host, wild),
            )?;
        }
        for mailbox in &names.emails {
            // Go prints the two parts, not the address.
            let shown = || format!("{{{} {}}}", quote(&mailbox.local), quote(&mailbox.domain));
            if !domain_is_valid(&mailbox.domain, false) {
                return Err(format!("x509: cannot parse rfc822Name {}", shown()));
            }
            judge(
                "email address",
                shown,
                &permitted.emails,
                &excluded.emails,
                |all, wild| email(all, mailbox, wild),
            )?;
        }
        Ok(())
    }
}

/// The two optional lists of the extension.
type Sides<'a> = (Option<Reader<'a>>, Option<Reader<'a>>);

fn sides<'a>(value: &mut Reader<'a>) -> Option<Sides<'a>> {
    let mut fields = value.read(tag::SEQUENCE)?;
    let permitted = fields.optional(tag::explicit(0))?;
    let excluded = fields.optional(tag::explicit(1))?;
    (value.is_empty() && fields.is_empty()).then_some((permitted, excluded))
}

/// Asks both lists about one name; `matching` finds the constraint that it is under, and is told
/// whether a wildcard name counts as under what it could stand for.
fn judge<T>(
    kind: &str,
    shown: impl Fn() -> String,
    permitted: &[T],
    excluded: &[T],
    matching: impl Fn(&[T], bool) -> Option<String>,
) -> Result<(), String> {
    if !permitted.is_empty() && matching(permitted, false).is_none() {
        return Err(format!(
            "{kind} {} is not permitted by any constraint",
            shown()
        ));
    }
    match matching(excluded, true) {
        Some(constraint) => Err(format!(
            "{kind} {} is excluded by constraint {}",
            shown(),
            quote(&constraint)
        )),
        None => Ok(()),
    }
}

/// The broadest domain that a name is under.
fn domain(constraints: &[String], name: &str, wild: bool) -> Option<String> {
    let above = constraints.iter().filter(|above| is_under(above, name));
    if let Some(broadest) = above.min_by_key(|above| above.len()) {
        return Some(broadest.clone());
    }
    if !wild || !name.starts_with('*') {
        return None;
    }
    let behind_first = |name: &str| name.find('.').map(|dot| name[dot..].to_ascii_lowercase());
    let parent = behind_first(name)?;
    let excluded = |constraint: &&String| behind_first(constraint).as_ref() == Some(&parent);
    let found = constraints.iter().find(excluded)?;
    Some(found.to_ascii_lowercase())
}

/// Whether a name is the constraint's domain or below it; a leading dot leaves the domain itself out.
fn is_under(constraint: &str, name: &str) -> bool {
    let Some(start) = name.len().checked_sub(constraint.len()) else {
        return false;
    };
    let (before, end) = name.as_bytes().split_at(start);
    end.eq_ignore_ascii_case(constraint.as_bytes())
        && (constraint.is_empty()
            || constraint.starts_with('.')
            || before.last().is_none_or(|&byte| byte == b'.'))
}

fn email(constraints: &[String], mailbox: &Mailbox, wild: bool) -> Option<String> {
    let (whole, domains): (Vec<_>, Vec<_>) = constraints
        .iter()
        .cloned()
        .partition(|constraint| constraint.contains('@'));
    let same = |constraint: &String| Mailbox::parse(constraint).as_ref() == Some(mailbox);
    if whole.iter().any(same) {
        return Some(format!("{}@{}", mailbox.local, mailbox.domain));
    }
    domain(&domains, &mailbox.domain, wild)
}

impl Subtrees {
    fn parse(mut list: Reader<'_>, known: &mut bool) -> Result<Subtrees, String> {
        const INVALID: &str = "x509: invalid NameConstraints extension";
        let ascii = |octets: &[u8]| match std::str::from_utf8(octets) {
            Ok(text) if text.is_ascii() => Ok(text.to_owned()),
            _ => Err(format!(
                "x509: invalid constraint value: x509: {} cannot be encoded as an IA5String",
                quote(&String::from_utf8_lossy(octets))
            )),
        };
        let mut subtrees = Subtrees::default();
        while !list.is_empty() {
            let mut subtree = list.read(tag::SEQUENCE).ok_or(INVALID)?;
            let base = subtree.any().ok_or(INVALID)?;
            match base.tag ^ 0x80 {
                1 => {
                    let email = ascii(base.contents)?;
                    let valid = if email.contains('@') {
                        Mailbox::parse(&email).is_some()
                    } else {
                        domain_is_valid(&email, true)
                    };
                    if !valid {
                        return Err(format!(
                            "x509: failed to parse rfc822Name constraint {}",
                            quote(&email)
                        ));
                    }
                    subtrees.emails.push(email);
                }
                2 => {
                    let name = ascii(base.contents)?;
                    if !domain_is_valid(&name, true) {
                        return Err(format!(
                            "x509: failed to parse dnsName constraint {}",
                            quote(&name)
                        ));
                    }
                    subtrees.dns.push(name);
                }
                6 => {
                    let name = ascii(base.contents)?;
                    let refused = format!("x509: failed to parse URI constraint {}", quote(&name));
                    if name.parse::<IpAddr>().is_ok() {
                        return Err(format!("{refused}: cannot be IP address"));
                    }
                    if !domain_is_valid(&name, true) {
                        return Err(refused);
                    }
                    subtrees.uris.push(name);
                }
                7 => subtrees.ips.push(Network::parse(base.contents)?),
                _ => *known = false,
            }
        }
        Ok(subtrees)
    }
}

impl Network {
    fn parse(octets: &[u8]) -> Result<Network, String> {
        if !matches!(octets.len(), 8 | 32) {
            return Err(format!(
                "x509: IP constraint contained value of length {}",
                octets.len()
            ));
        }
        let (address, mask) = octets.split_at(octets.len() / 2);
        let ones = mask.iter().map(|octet| octet.leading_ones()).sum::<u32>();
        let network = Network {
            address: address.to_vec(),
            mask: mask.to_vec(),
        };
        // The ones that lead are all there are, if as many can be counted at the start.
        if network.prefix() == ones && mask.iter().map(|o| o.count_ones()).sum::<u32>() == ones {
            return Ok(network);
        }
        let hex: String = mask.iter().map(|octet| format!("{octet:02x}")).collect();
        Err(format!("x509: IP constraint contained invalid mask {hex}"))
    }

    /// How many ones the mask begins with.
    fn prefix(&self) -> u32 {
        let full = self.mask.iter().take_while(|&&octet| octet == 0xff).count();
        let next = self.mask.get(full).map_or(0, |octet| octet.leading_ones());
        full as u32 * 8 + next
    }

    fn contains(&self, octets: &[u8]) -> bool {
        // An IPv4 address in the clothes of IPv6 is IPv4 for Go, and is looked for among IPv6.
        let mapped =
            octets.len() == 16 && octets.starts_with(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]);
        let masked = octets.iter().zip(&self.address).zip(&self.mask);
        !mapped
            && octets.len() == self.address.len()
            && masked.into_iter().all(|((a, b), mask)| (a ^ b) & mask == 0)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", address(&self.address), self.prefix())
    }
}

/// Whether Go takes a domain: no empty label, no dot at the end, only visible ASCII. A constraint may
/// begin with a dot. Nothing at all is fine.
pub(super) fn domain_is_valid(domain: &str, constraint: bool) -> bool {
    if domain.is_empty() {
        return true;
    }
    let labels = match domain.strip_prefix('.') {
        Some(rest) if constraint => rest,
        _ => domain,
    };
    let visible = labels.bytes().all(|byte| matches!(byte, 33..=126));
    visible && labels.split('.').all(|label| !label.is_empty())
}

impl Mailbox {
    /// Reads an address as RFC 2821 has it, and as RFC 3696 understands that.
    fn parse(text: &str) -> Option<Mailbox> {
        let mut rest = text.as_bytes();
        let mut local = Vec::new();
        let quotable = |byte: u8| matches!(byte, 1..=9 | 11 | 12 | 14..=127);
        if let Some(quoted) = rest.strip_prefix(b"\"") {
            rest = quoted;
            loop {
                let (&byte, after) = rest.split_first()?;
                rest = after;
                match byte {
                    b'"' => break,
                    b'\\' => {
                        let (&escaped, after) = rest.split_first()?;
                        rest = after;
                        local.push(Some(escaped).filter(|&byte| quotable(byte))?);
                    }
                    9 => return None,
                    _ if quotable(byte) => local.push(byte),
                    _ => return None,
                }
            }
        } else {
            while let Some((&byte, after)) = rest.split_first() {
                let plain = |byte: u8| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte)
                };
                if byte == b'\\' {
                    let (&escaped, after) = after.split_first()?;
                    local.push(escaped);
                    rest = after;
                } else if plain(byte) {
                    local.push(byte);
                    rest = after;
                } else {
                    break;
                }
            }
            let doubled = local.windows(2).any(|pair| pair == b"..");
            if doubled || local.first()? == &b'.' || local.last()? == &b'.' {
                return None;
            }
        }
        let domain = std::str::from_utf8(rest.strip_prefix(b"@")?).ok()?;
        domain_is_valid(domain, false).then(|| Mailbox {
            local: String::from_utf8_lossy(&local).into_owned(),
            domain: domain.to_ascii_lowercase(),
        })
    }
}

/// The names that one certificate claims, as constraints look at them.
struct Names<'a> {
    dns: &'a [String],
    ips: &'a [Vec<u8>],
    uris: Vec<(&'a Url, String)>,
    emails: Vec<Mailbox>,
}

impl<'a> Names<'a> {
    fn of(certificate: &'a Certificate) -> Result<Names<'a>, String> {
        let names = &certificate.extensions().names;
        let uris = names.uris.iter().map(|uri| Ok((uri, host(uri)?)));
        let uris = uris.collect::<Result<_, String>>()?;
        let mailbox = |email: &String| {
            let unreadable = || format!("cannot parse rfc822Name {}", quote(email));
            Mailbox::parse(email).ok_or_else(unreadable)
        };
        let emails = names.emails.iter().map(mailbox);
        Ok(Names {
            dns: &names.dns,
            ips: &names.ips,
            uris,
            emails: emails.collect::<Result<_, String>>()?,
        })
    }
}

/// The domain in a URI, without a port.
fn host(uri: &Url) -> Result<String, String> {
    let mut host = uri.host.to_lowercase();
    if host.is_empty() {
        return Err(format!(
            "URI with empty host ({}) cannot be matched against constraints",
            quote(&uri.text)
        ));
    }
    if host.contains(':') && !host.ends_with(']') {
        let (before, _) = uri.host.rsplit_once(':').unwrap_or((&uri.host, ""));
        if before.contains(':') && !before.starts_with('[') {
            return Err(format!(
                "cannot parse URI host {}: address {}: too many colons in address",
                quote(&uri.host),
                uri.host
            ));
        }
        let inner = before.strip_prefix('[').and_then(|b| b.strip_suffix(']'));
        host = inner.unwrap_or(before).to_owned();
    }
    let bracketed = host.starts_with('[') && host.ends_with(']');
    let address = host.split('%').next().unwrap_or_default();
    if bracketed || address.parse::<IpAddr>().is_ok() {
        return Err(format!(
            "URI with IP ({}) cannot be matched against constraints",
            quote(&uri.text)
        ));
    }
    Ok(host)
}

/// Checks the names of every certificate of a chain, leaf first, against the constraints of all above.
pub(super) fn check_chain(chain: &[&Certificate]) -> Result<(), String> {
    for (index, certificate) in chain.iter().enumerate() {
        let above = chain[index + 1..]
            .iter()
            .filter_map(|above| above.extensions().name_constraints.as_ref());
        let mut above = above.peekable();
        if certificate.extensions().san.is_none() || above.peek().is_none() {
            continue;
        }
        let names = Names::of(certificate)?;
        for constraints in above {
            constraints.check(&names)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Mailbox, Network, domain, domain_is_valid, is_under};

    #[test]
    fn domains() {
        assert!(is_under("Example.com", "a.EXAMPLE.com") && is_under("example.com", "example.com"));
        assert!(!is_under("example.com", "badexample.com"));
        assert!(is_under(".example.com", "a.example.com"));
        assert!(!is_under(".example.com", "example.com") && !is_under("a", ""));
        assert!(is_under("", "x"));
        assert!(domain_is_valid("", false) && domain_is_valid(".a", true));
        assert!(!domain_is_valid(".a", false) && !domain_is_valid("a.", true));
        assert!(!domain_is_valid("a..b", true) && !domain_is_valid("a b", true));
        let excluded = ["foo.example.com".to_owned()];
        assert!(domain(&excluded, "*.example.com", true).is_some());
        assert!(domain(&excluded, "*.example.com", false).is_none());
    }

    #[test]
    fn mailboxes() {
        for good in ["a.b@c", "\"a b\"@c", "a\\@b@c.d", "a@"] {
            assert!(Mailbox::parse(good).is_some(), "{good}");
        }
        for bad in ["", "a", ".a@c", "a..b@c", "a@c.", "\"a@c", "a b@c"] {
            assert!(Mailbox::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn networks() {
        let network = Network::parse(&[10, 1, 0, 0, 255, 255, 0, 0]).expect("a network");
        assert!(network.contains(&[10, 1, 2, 3]) && !network.contains(&[10, 2, 0, 0]));
        assert_eq!(network.to_string(), "10.1.0.0/16");
        let gap = Network::parse(&[10, 1, 0, 0, 255, 0, 255, 0]).map(|_| ());
        let error = "x509: IP constraint contained invalid mask ff00ff00";
        assert_eq!(gap, Err(error.to_owned()));
    }
}
