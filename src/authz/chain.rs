//! The authorizers of a server, asked one after the other.

use super::node::{Node, NodeGates};
use super::rbac::{Decision, Rbac};
use super::rules::RuleSet;
use super::{
    Authorizer, Grounds, Member, Open, Opinion, Unknown, Verdict, Words, is_privileged, unknown,
};
use crate::model::{Attributes, Cluster};

/// The authorizers of a server, in their order.
#[derive(Debug)]
pub struct Chain<'c> {
    cluster: &'c Cluster,
    members: Vec<Member<'c>>,
}

/// What was heard of authorizers that did not decide.
#[derive(Default)]
struct Heard {
    open: Vec<Open>,
    said: Vec<(usize, Box<Words>)>,
}

impl Heard {
    /// The verdict, if this opinion of a member is one.
    fn hear(&mut self, index: usize, opinion: Opinion) -> Option<Verdict> {
        match opinion {
            Opinion::Allow(grounds) => return Some(Verdict::Allowed { by: index, grounds }),
            Opinion::Deny(words) => return Some(Verdict::Denied { by: index, words }),
            Opinion::NoOpinion(None) => {}
            Opinion::NoOpinion(Some(words)) => self.said.push((index, words)),
            Opinion::Unknown(why) => self.open.push(Open { member: index, why }),
        }
        None
    }

    /// The verdict that holds, unless an opinion before it is not known.
    fn settle(self, verdict: Verdict) -> Verdict {
        match self.open.is_empty() {
            true => verdict,
            false => Verdict::Unknown(Box::new(Unknown {
                open: self.open,
                otherwise: verdict,
            })),
        }
    }
}

/// What one authorizer says to a question; for those who want to know more than the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opined {
    /// Its index in the chain.
    pub member: usize,
    /// What it says.
    pub said: Said,
    /// Its reason, or empty.
    pub reason: String,
    /// Its errors.
    pub errors: Vec<String>,
    /// Whether it is only assumed to say so.
    pub assumed: bool,
    /// The ABAC policy that allows, by its line in the file.
    pub policy: Option<u32>,
}

/// The short form of an opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
    /// It leaves it to the next.
    NoOpinion,
    /// It cannot be known.
    Unknown,
    /// An authorizer before it decided.
    NotAsked,
}

impl<'c> Chain<'c> {
    /// The chain of a server whose configuration nobody names: `--authorization-mode=Node,RBAC`.
    pub fn new(cluster: &'c Cluster) -> Self {
        Chain::of(
            cluster,
            vec![
                Authorizer::Node(Node::new(cluster, NodeGates::default())).into(),
                Authorizer::Rbac(Box::new(Rbac::new(cluster))).into(),
            ],
        )
    }

    /// The chain of these authorizers.
    pub fn of(cluster: &'c Cluster, members: Vec<Member<'c>>) -> Self {
        Chain { cluster, members }
    }

    /// The cluster that is asked about.
    pub fn cluster(&self) -> &'c Cluster {
        self.cluster
    }

    /// The authorizers, in their order.
    pub fn members(&self) -> &[Member<'c>] {
        &self.members
    }

    /// The RBAC authorizer, where it is one of them.
    pub fn rbac(&self) -> Option<&Rbac<'c>> {
        self.members
            .iter()
            .find_map(|member| match &member.authorizer {
                Authorizer::Rbac(rbac) => Some(&**rbac),
                _ => None,
            })
    }

    /// Decides. With Node and RBAC alone it allocates nothing once a subject has been asked about before.
    pub fn decide<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Verdict {
        if is_privileged(attributes.groups) {
            return Verdict::Privileged;
        }
        for (index, member) in self.members.iter().enumerate() {
            match member.grounds(attributes) {
                Some(Some(grounds)) => return Verdict::Allowed { by: index, grounds },
                Some(None) => {}
                None => return self.decide_from(index, attributes),
            }
        }
        Verdict::NoOpinion(Vec::new())
    }

    /// Decides by the members from one on, where those before it said nothing.
    fn decide_from<S: AsRef<str>>(&self, first: usize, attributes: &Attributes<'_, S>) -> Verdict {
        let mut heard = Heard::default();
        for (index, member) in self.members.iter().enumerate().skip(first) {
            if let Some(verdict) = heard.hear(index, member.opinion(attributes)) {
                return heard.settle(verdict);
            }
        }
        let said = std::mem::take(&mut heard.said);
        heard.settle(Verdict::NoOpinion(said))
    }

    /// Appends the `reason` of a verdict, as the server words it; nothing where it has none. Where nobody
    /// decided these are the reasons of all, one a line.
    pub fn write_reason<S: AsRef<str>>(
        &self,
        attributes: &Attributes<'_, S>,
        verdict: &Verdict,
        out: &mut String,
    ) {
        match verdict {
            Verdict::Privileged | Verdict::Unknown(_) => {}
            Verdict::Allowed { by, grounds } => self.write_grounds(attributes, *by, grounds, out),
            Verdict::Denied { words, .. } => out.push_str(&words.reason),
            Verdict::NoOpinion(said) => {
                let start = out.len();
                let mut said = said.iter().peekable();
                for (index, member) in self.members.iter().enumerate() {
                    let end = out.len();
                    if end > start {
                        out.push('\n');
                    }
                    let begin = out.len();
                    match said.next_if(|(by, _)| *by == index) {
                        Some((_, words)) => out.push_str(&words.reason),
                        None => member.write_no_opinion(attributes, out),
                    }
                    if out.len() == begin {
                        out.truncate(end);
                    }
                }
            }
        }
    }

    fn write_grounds<S: AsRef<str>>(
        &self,
        attributes: &Attributes<'_, S>,
        by: usize,
        grounds: &Grounds,
        out: &mut String,
    ) {
        match (
            grounds,
            self.members.get(by).map(|member| &member.authorizer),
        ) {
            (Grounds::Rbac(allow), Some(Authorizer::Rbac(rbac))) => {
                rbac.write_reason(attributes, &Decision::Allow(*allow), out);
            }
            (Grounds::Webhook(words), _) => out.push_str(&words.reason),
            _ => {}
        }
    }

    /// Appends why a verdict is unknown and what would settle it, beginning with `unknown: `; nothing where
    /// it is known.
    pub fn write_unknown(&self, verdict: &Verdict, out: &mut String) {
        if let Verdict::Unknown(unknown) = verdict {
            out.push_str("unknown: ");
            unknown::write(&self.members, unknown, out);
        }
    }

    /// Whether one authorizer allows a request, whatever the others say.
    pub fn allows_by<S: AsRef<str>>(&self, index: usize, attributes: &Attributes<'_, S>) -> bool {
        let member = self.members.get(index);
        member.is_some_and(|member| matches!(member.opinion(attributes), Opinion::Allow(_)))
    }

    /// What each authorizer says, in their order.
    pub fn opinions<S: AsRef<str>>(&self, attributes: &Attributes<'_, S>) -> Vec<Opined> {
        let mut decided = is_privileged(attributes.groups);
        let opined = self.members.iter().enumerate().map(|(index, member)| {
            let mut opined = Opined {
                member: index,
                said: Said::NotAsked,
                reason: String::new(),
                errors: Vec::new(),
                assumed: false,
                policy: None,
            };
            if decided {
                return opined;
            }
            opined.assumed = member.assumed.is_some()
                && matches!(member.own_opinion(attributes), Opinion::Unknown(_));
            let mut words = Words::default();
            opined.said = match member.opinion(attributes) {
                Opinion::Allow(grounds) => {
                    self.write_grounds(attributes, index, &grounds, &mut opined.reason);
                    match (grounds, &member.authorizer) {
                        (Grounds::Webhook(of), _) => words.errors = of.errors,
                        (Grounds::Policy(policy), Authorizer::Abac(abac)) => {
                            let policy = abac.policies().get(policy);
                            opined.policy = policy.map(|policy| policy.line);
                        }
                        _ => {}
                    }
                    Said::Allow
                }
                Opinion::Deny(of) => {
                    words = *of;
                    Said::Deny
                }
                Opinion::NoOpinion(of) => {
                    match of {
                        Some(of) => words = *of,
                        None => member.write_no_opinion(attributes, &mut opined.reason),
                    }
                    Said::NoOpinion
                }
                Opinion::Unknown(why) => {
                    opined.reason = why;
                    Said::Unknown
                }
            };
            decided = matches!(opined.said, Said::Allow | Said::Deny);
            opined.reason.push_str(&words.reason);
            opined.errors = words.errors;
            opined
        });
        opined.collect()
    }

    /// What a user may do in a namespace: the rules of all authorizers, whatever others deny. The
    /// privileged group adds none.
    pub fn rules_for<S: AsRef<str>>(
        &self,
        user: &str,
        groups: &[S],
        namespace: &str,
    ) -> RuleSet<'_> {
        let mut rules = RuleSet::default();
        for member in &self.members {
            member.add_rules(user, groups, namespace, &mut rules);
        }
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::{Chain, Said};
    use crate::apiserver::policy_file::policies;
    use crate::authz::abac::Abac;
    use crate::authz::node::{Node, NodeGates};
    use crate::authz::rbac::Rbac;
    use crate::authz::{Assumption, Authorizer, Member, Verdict};
    use crate::load::{Loader, Options};
    use crate::model::{Attributes, Cluster, Request};

    /// Users in system:monitoring may read /metrics.
    fn cluster() -> Cluster {
        Loader::new(Options::default()).finish()
    }

    fn hidden(name: &str) -> Member<'static> {
        let authorizer = Authorizer::Missing {
            kind: "Webhook",
            why: "not there".to_owned(),
        };
        Member {
            name: name.to_owned(),
            authorizer,
            assumed: None,
        }
    }

    fn rbac(cluster: &Cluster) -> Member<'_> {
        Authorizer::Rbac(Box::new(Rbac::new(cluster))).into()
    }

    fn metrics<'a>(groups: &'a [&'a str]) -> Attributes<'a, &'a str> {
        Attributes {
            user: "u",
            groups,
            request: Request::NonResource {
                verb: "get",
                path: "/metrics",
            },
            ..Attributes::default()
        }
    }

    fn reason(chain: &Chain<'_>, attributes: &Attributes<'_, &str>) -> String {
        let mut reason = String::new();
        chain.write_reason(attributes, &chain.decide(attributes), &mut reason);
        reason
    }

    fn unknown(chain: &Chain<'_>, attributes: &Attributes<'_, &str>) -> String {
        let mut text = String::new();
        chain.write_unknown(&chain.decide(attributes), &mut text);
        text
    }

    const MONITORING: [&str; 1] = ["system:monitoring"];

    #[test]
    fn what_is_unknown_appears_only_where_it_could_decide() {
        let cluster = cluster();
        let chain = Chain::of(&cluster, vec![rbac(&cluster), hidden("a")]);
        assert!(chain.decide(&metrics(&MONITORING)).allowed());
        assert_eq!(
            unknown(&chain, &metrics(&[])),
            "unknown: webhook \"a\" decides: allow allows it, deny refuses it, no opinion leaves it refused, as nobody else allows it (not there)"
        );
        let chain = Chain::of(&cluster, vec![hidden("a"), hidden("b"), rbac(&cluster)]);
        let both = unknown(&chain, &metrics(&MONITORING));
        assert!(
            both.contains("no opinion leaves it to webhook \"b\""),
            "{both}"
        );
        assert!(both.contains("; then webhook \"b\" decides"), "{both}");
        assert!(
            both.ends_with("leaves it to RBAC, which allows it (not there)"),
            "{both}"
        );
        let masters = metrics(&["system:masters"]);
        assert_eq!(chain.decide(&masters), Verdict::Privileged);
    }

    #[test]
    fn an_assumption_settles_what_is_unknown() {
        let cluster = cluster();
        let settled = |assumption, groups: &[&str]| {
            let mut webhook = hidden("a");
            webhook.assumed = Some(assumption);
            let chain = Chain::of(&cluster, vec![webhook, rbac(&cluster)]);
            let verdict = chain.decide(&metrics(groups));
            let errors: Vec<String> = verdict.errors().cloned().collect();
            (verdict.allowed(), verdict.denied(), errors.join(";"))
        };
        let none = String::new;
        assert_eq!(settled(Assumption::Allow, &[]), (true, false, none()));
        assert_eq!(
            settled(Assumption::Deny, &MONITORING),
            (false, true, none())
        );
        assert_eq!(
            settled(Assumption::NoOpinion, &MONITORING),
            (true, false, none())
        );
        let error = "webhook \"a\" is assumed to be unreachable".to_owned();
        assert_eq!(settled(Assumption::Unreachable, &[]), (false, false, error));
    }

    #[test]
    fn reasons_of_all_are_joined_where_nobody_decides() {
        let cluster = cluster();
        let abac = || Authorizer::Abac(Abac::default()).into();
        let deny = || Authorizer::AlwaysDeny.into();
        let all = "Everything is forbidden.\nNo policy matched.";
        for members in [
            vec![deny(), abac(), rbac(&cluster)],
            vec![rbac(&cluster), deny(), abac()],
        ] {
            let chain = Chain::of(&cluster, members);
            assert_eq!(reason(&chain, &metrics(&[])), all);
            let allowed = reason(&chain, &metrics(&MONITORING));
            assert!(allowed.starts_with("RBAC: allowed by "), "{allowed}");
        }
        let chain = Chain::of(&cluster, vec![deny(), rbac(&cluster), abac()]);
        let said: Vec<Said> = chain
            .opinions(&metrics(&MONITORING))
            .iter()
            .map(|opined| opined.said)
            .collect();
        assert_eq!(said, [Said::NoOpinion, Said::Allow, Said::NotAsked]);
    }

    #[test]
    fn rules_are_added_up_whatever_is_denied() {
        let cluster = cluster();
        let text = "{\"user\":\"u\",\"namespace\":\"n\",\"resource\":\"pods\",\"readonly\":true}";
        let abac = Abac::new(policies("f", text.as_bytes()).expect("a policy"));
        let members = vec![
            Authorizer::AlwaysDeny.into(),
            Authorizer::Abac(abac).into(),
            Authorizer::AlwaysAllow.into(),
            Authorizer::Node(Node::new(&cluster, NodeGates::default())).into(),
        ];
        let chain = Chain::of(&cluster, members);
        let rules = chain.rules_for("u", &MONITORING, "n");
        let verbs: Vec<_> = rules
            .resources
            .iter()
            .map(|rule| rule.verbs.join(","))
            .collect();
        assert_eq!(verbs, ["get,list,watch", "*"]);
        assert!(!rules.incomplete && rules.errors.is_empty());
        let other = chain.rules_for("u", &MONITORING, "other");
        assert_eq!((other.resources.len(), other.paths.len()), (1, 1));
        let node = chain.rules_for("system:node:", &["system:nodes"], "n");
        assert!(node.incomplete);
    }
}
