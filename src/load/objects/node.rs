//! What ties Pods, PersistentVolumes, VolumeAttachments, ResourceSlices and PodCertificateRequests to nodes:
//! the names that the Node authorizer's graph is made of. Other fields are not read.

use super::Context;
use crate::load::decode::{DecodeError, list, mapping, string_field};
use crate::load::tree::{Kind, Value};
use crate::model::node_objects::{NodeKind, NodeObject, PodReferences, VolumeReferences};
use crate::model::{Interner, Symbol};
use std::fmt;

/// The annotation of a Pod that a kubelet mirrors of a manifest on its node.
const MIRROR: &str = "kubernetes.io/config.mirror";

/// Volume sources of Pods whose secret is named by a `secretRef`.
const POD_SECRET_REFS: [(&str, &str); 8] = [
    ("cephfs", "secretRef"),
    ("cinder", "secretRef"),
    ("flexVolume", "secretRef"),
    ("rbd", "secretRef"),
    ("scaleIO", "secretRef"),
    ("iscsi", "secretRef"),
    ("storageos", "secretRef"),
    ("csi", "nodePublishSecretRef"),
];

/// Volume sources of PersistentVolumes with a secret, and whether one without a namespace is the claim's.
const VOLUME_SECRET_REFS: [(&str, bool); 7] = [
    ("cephfs", true),
    ("cinder", false),
    ("flexVolume", true),
    ("rbd", true),
    ("scaleIO", true),
    ("iscsi", true),
    ("storageos", false),
];

/// The secrets of a CSI volume that a kubelet uses; those of controllers are none of its business.
const CSI_SECRET_REFS: [&str; 3] = [
    "nodePublishSecretRef",
    "nodeStageSecretRef",
    "nodeExpandSecretRef",
];

/// A mapping and the path to it, which is written only where something does not fit.
#[derive(Clone, Copy)]
struct At<'t, 'p> {
    value: Value<'t>,
    path: Path<'p>,
}

#[derive(Clone, Copy)]
struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    field: &'p str,
    index: Option<usize>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}.")?;
        }
        f.write_str(self.field)?;
        match self.index {
            Some(index) => write!(f, "[{index}]"),
            None => Ok(()),
        }
    }
}

impl<'t, 'p> At<'t, 'p> {
    fn top(root: Value<'t>, field: &'p str) -> Result<Option<Self>, DecodeError> {
        let path = Path {
            parent: None,
            field,
            index: None,
        };
        let value = mapping(root.get(field), format_args!("{path}"))?;
        Ok(value.map(|value| At { value, path }))
    }

    fn child<'q>(&'q self, field: &'q str, index: Option<usize>) -> Path<'q> {
        Path {
            parent: Some(&self.path),
            field,
            index,
        }
    }

    /// A field that is a mapping; null is absent.
    fn get<'q>(&'q self, field: &'q str) -> Result<Option<At<'t, 'q>>, DecodeError> {
        let path = self.child(field, None);
        let value = mapping(self.value.get(field), format_args!("{path}"))?;
        Ok(value.map(|value| At { value, path }))
    }

    /// A field that is text; absent is empty.
    fn text(&self, field: &str) -> Result<&'t str, DecodeError> {
        string_field(
            self.value,
            field,
            format_args!("{}", self.child(field, None)),
        )
    }

    /// Does something with each mapping of a list.
    fn each(
        &self,
        field: &str,
        mut with: impl FnMut(At<'t, '_>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let path = self.child(field, None);
        let Some(items) = list(self.value.get(field), format_args!("{path}"))? else {
            return Ok(());
        };
        for (index, item) in items.items().enumerate() {
            let path = self.child(field, Some(index));
            if let Some(value) = mapping(Some(item), format_args!("{path}"))? {
                with(At { value, path })?;
            }
        }
        Ok(())
    }
}

/// Gathers references.
struct Found<'i> {
    interner: &'i mut Interner,
    objects: Vec<(NodeKind, Symbol)>,
}

impl Found<'_> {
    fn add(&mut self, kind: NodeKind, name: &str) {
        if !name.is_empty() {
            self.objects.push((kind, self.interner.intern(name)));
        }
    }

    /// The object that a field of a mapping names, if it is there.
    fn named(
        &mut self,
        kind: NodeKind,
        at: &At<'_, '_>,
        field: &str,
        name: &str,
    ) -> Result<(), DecodeError> {
        if let Some(reference) = at.get(field)? {
            self.add(kind, reference.text(name)?);
        }
        Ok(())
    }

    /// `podutil.VisitPodSecretNames` and `VisitPodConfigmapNames`, of a container.
    fn container(&mut self, container: &At<'_, '_>) -> Result<(), DecodeError> {
        container.each("envFrom", |source| {
            self.named(NodeKind::ConfigMap, &source, "configMapRef", "name")?;
            self.named(NodeKind::Secret, &source, "secretRef", "name")
        })?;
        container.each("env", |variable| {
            let Some(from) = variable.get("valueFrom")? else {
                return Ok(());
            };
            self.named(NodeKind::ConfigMap, &from, "configMapKeyRef", "name")?;
            self.named(NodeKind::Secret, &from, "secretKeyRef", "name")
        })
    }

    /// A volume of a Pod. The server lets it have one source alone.
    fn volume(&mut self, volume: &At<'_, '_>, pod: &str) -> Result<(), DecodeError> {
        self.named(NodeKind::ConfigMap, volume, "configMap", "name")?;
        self.named(NodeKind::Secret, volume, "secret", "secretName")?;
        self.named(NodeKind::Secret, volume, "azureFile", "secretName")?;
        for (source, reference) in POD_SECRET_REFS {
            if let Some(source) = volume.get(source)? {
                self.named(NodeKind::Secret, &source, reference, "name")?;
            }
        }
        if let Some(projected) = volume.get("projected")? {
            projected.each("sources", |source| {
                self.named(NodeKind::ConfigMap, &source, "configMap", "name")?;
                self.named(NodeKind::Secret, &source, "secret", "name")
            })?;
        }
        let claim = NodeKind::PersistentVolumeClaim;
        if volume.get("persistentVolumeClaim")?.is_some() {
            self.named(claim, volume, "persistentVolumeClaim", "claimName")?;
        } else if volume.get("ephemeral")?.is_some() {
            // The claim that is made for it (component-helpers/storage/ephemeral).
            self.add(claim, &format!("{pod}-{}", volume.text("name")?));
        }
        Ok(())
    }

    /// The ResourceClaims of a Pod, as `resourceclaim.Name` finds them: one made of a template is known by
    /// the status alone.
    fn resource_claims(
        &mut self,
        spec: &At<'_, '_>,
        status: Option<&At<'_, '_>>,
    ) -> Result<(), DecodeError> {
        let mut made: Vec<(&str, &str)> = Vec::new();
        if let Some(status) = status {
            status.each("resourceClaimStatuses", |of| {
                made.push((of.text("name")?, of.text("resourceClaimName")?));
                Ok(())
            })?;
            self.named(
                NodeKind::ResourceClaim,
                status,
                "extendedResourceClaimStatus",
                "resourceClaimName",
            )?;
        }
        let present = |at: &At<'_, '_>, field: &str| {
            let value = at.value.get(field);
            value.is_some_and(|value| value.kind() != Kind::Null)
        };
        spec.each("resourceClaims", |claim| {
            let direct = claim.text("resourceClaimName")?;
            if present(&claim, "resourceClaimName") {
                self.add(NodeKind::ResourceClaim, direct);
            } else if present(&claim, "resourceClaimTemplateName") {
                let name = claim.text("name")?;
                let made = made.iter().find(|(of, _)| *of == name);
                self.add(NodeKind::ResourceClaim, made.map_or("", |(_, made)| made));
            }
            Ok(())
        })
    }
}

impl Context<'_> {
    /// What a Pod refers to (`Graph.AddPod`).
    pub(super) fn pod_references(
        &mut self,
        root: Value<'_>,
        namespace: &str,
        name: &str,
    ) -> Result<PodReferences, DecodeError> {
        let mut references = PodReferences {
            namespace: self.interner.intern(namespace),
            name: self.interner.intern(name),
            ..PodReferences::default()
        };
        let Some(spec) = At::top(root, "spec")? else {
            return Ok(references);
        };
        references.node = self.interner.intern(spec.text("nodeName")?);
        let metadata = At::top(root, "metadata")?;
        let annotations = match &metadata {
            Some(metadata) => metadata.get("annotations")?,
            None => None,
        };
        let mirror = annotations.is_some_and(|all| all.value.get(MIRROR).is_some());
        let mut found = Found {
            interner: self.interner,
            objects: Vec::new(),
        };
        // serviceAccount is the old name of the field. A Pod that names none has none here: `default` is
        // written into it by admission, before it is stored.
        let account = match spec.text("serviceAccountName")? {
            "" => spec.text("serviceAccount")?,
            name => name,
        };
        found.add(NodeKind::ServiceAccount, account);
        spec.each("imagePullSecrets", |secret| {
            found.add(NodeKind::Secret, secret.text("name")?);
            Ok(())
        })?;
        for containers in ["initContainers", "containers", "ephemeralContainers"] {
            spec.each(containers, |container| found.container(&container))?;
        }
        spec.each("volumes", |volume| found.volume(&volume, name))?;
        let status = At::top(root, "status")?;
        found.resource_claims(&spec, status.as_ref())?;
        let mut objects = found.objects;
        if mirror || references.node == Symbol::EMPTY {
            objects.clear();
        }
        objects.sort_unstable();
        objects.dedup();
        references.objects = objects.into_boxed_slice();
        Ok(references)
    }

    /// What ties an object of another kind to a node; nothing of kinds that none is tied to.
    pub(super) fn node_object(
        &mut self,
        root: Value<'_>,
        group: &str,
        kind: &str,
    ) -> Result<Option<NodeObject>, DecodeError> {
        let kind = match (group, kind) {
            ("", "PersistentVolume") => NodeKind::PersistentVolume,
            ("storage.k8s.io", "VolumeAttachment") => NodeKind::VolumeAttachment,
            ("resource.k8s.io", "ResourceSlice") => NodeKind::ResourceSlice,
            ("certificates.k8s.io", "PodCertificateRequest") => NodeKind::PodCertificateRequest,
            _ => return Ok(None),
        };
        let Some(metadata) = At::top(root, "metadata")? else {
            return Ok(None);
        };
        let name = self.interner.intern(metadata.text("name")?);
        if name == Symbol::EMPTY {
            return Ok(None);
        }
        let spec = At::top(root, "spec")?;
        if kind == NodeKind::PersistentVolume {
            let references = match &spec {
                Some(spec) => self.volume_references(spec)?,
                None => None,
            };
            return Ok(Some(NodeObject::Volume(name, references)));
        }
        let namespace = match (kind, metadata.text("namespace")?) {
            (NodeKind::PodCertificateRequest, "") => self.namespace,
            (NodeKind::PodCertificateRequest, named) => named,
            _ => "",
        };
        let namespace = self.interner.intern(namespace);
        let node = match &spec {
            Some(spec) => self.interner.intern(spec.text("nodeName")?),
            None => Symbol::EMPTY,
        };
        Ok(Some(NodeObject::Named(kind, namespace, name, node)))
    }

    /// `Graph.AddPV` and `persistentvolume.VisitPVSecretNames`.
    fn volume_references(
        &mut self,
        spec: &At<'_, '_>,
    ) -> Result<Option<VolumeReferences>, DecodeError> {
        let Some(claim) = spec.get("claimRef")? else {
            return Ok(None);
        };
        let claim = (claim.text("namespace")?, claim.text("name")?);
        let mut secrets: Vec<(&str, &str)> = Vec::new();
        let or_claims = |namespace| match namespace {
            "" => claim.0,
            named => named,
        };
        if let Some(azure) = spec.get("azureFile")? {
            let namespace = or_claims(azure.text("secretNamespace")?);
            secrets.push((namespace, azure.text("secretName")?));
        }
        for (source, of_claim) in VOLUME_SECRET_REFS {
            let Some(source) = spec.get(source)? else {
                continue;
            };
            if let Some(secret) = source.get("secretRef")? {
                let namespace = secret.text("namespace")?;
                let namespace = match of_claim {
                    true => or_claims(namespace),
                    false => namespace,
                };
                secrets.push((namespace, secret.text("name")?));
            }
        }
        if let Some(csi) = spec.get("csi")? {
            for field in CSI_SECRET_REFS {
                if let Some(secret) = csi.get(field)? {
                    secrets.push((secret.text("namespace")?, secret.text("name")?));
                }
            }
        }
        let mut symbols = |(namespace, name): (&str, &str)| {
            (self.interner.intern(namespace), self.interner.intern(name))
        };
        let named = secrets.into_iter().filter(|(_, name)| !name.is_empty());
        Ok(Some(VolumeReferences {
            claim: symbols(claim),
            secrets: named.map(&mut symbols).collect(),
        }))
    }
}
