//! What is asked.

use super::Selectors;
use std::collections::BTreeMap;

/// What a request wants, as the authorizers see it (`authorizer.Attributes` without the user).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// An API resource.
    Resource {
        /// The verb, any text.
        verb: &'a str,
        /// The API group; empty for the core group.
        group: &'a str,
        /// The resource, plural.
        resource: &'a str,
        /// The subresource, or empty.
        subresource: &'a str,
        /// The namespace; empty for cluster-scoped resources and for all namespaces.
        namespace: &'a str,
        /// The object's name; empty where the request names none.
        name: &'a str,
    },
    /// A path that is no API resource.
    NonResource {
        /// The verb, any text.
        verb: &'a str,
        /// The path.
        path: &'a str,
    },
}

/// A whole question: who wants what. What a caller does not know is that of [`Attributes::default`].
#[derive(Debug, PartialEq, Eq)]
pub struct Attributes<'a, S = String> {
    /// The user's name.
    pub user: &'a str,
    /// The user's uid; empty where there is none.
    pub uid: &'a str,
    /// The user's groups, literally: nothing is implied.
    pub groups: &'a [S],
    /// What else the authenticator told, if anything.
    pub extra: Option<&'a BTreeMap<S, Vec<S>>>,
    /// What is wanted.
    pub request: Request<'a>,
    /// The version of the API resource; `*` where the question leaves it open.
    pub version: &'a str,
    /// Which objects are wanted.
    pub selectors: Selectors<'a>,
}

impl<S> Default for Attributes<'_, S> {
    fn default() -> Self {
        Attributes {
            user: "",
            uid: "",
            groups: &[],
            extra: None,
            request: Request::NonResource { verb: "", path: "" },
            version: "*",
            selectors: Selectors::default(),
        }
    }
}

impl<S> Clone for Attributes<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Attributes<'_, S> {}

impl<'a> Attributes<'a> {
    /// What a user wants.
    pub fn of(user: &'a super::UserInfo, request: Request<'a>) -> Self {
        Attributes {
            user: &user.username,
            uid: &user.uid,
            groups: &user.groups,
            extra: Some(&user.extra),
            request,
            ..Attributes::default()
        }
    }
}

impl<'a> Request<'a> {
    /// The namespace; empty where there is none.
    pub fn namespace(&self) -> &'a str {
        match self {
            Request::Resource { namespace, .. } => namespace,
            Request::NonResource { .. } => "",
        }
    }

    /// The verb.
    pub fn verb(&self) -> &'a str {
        match self {
            Request::Resource { verb, .. } | Request::NonResource { verb, .. } => verb,
        }
    }

    /// The same with another verb.
    pub fn with_verb(self, verb: &'a str) -> Request<'a> {
        match self {
            Request::Resource {
                group,
                resource,
                subresource,
                namespace,
                name,
                ..
            } => Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            },
            Request::NonResource { path, .. } => Request::NonResource { verb, path },
        }
    }
}
