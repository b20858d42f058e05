//! `--feature-gates`: the gates that the server registers, their defaults, and which cannot be changed.
//!
//! Surely right for 1.36 are the gates that authentication and authorization ask, which recorded answers
//! show. The rest is the list of 1.34 with what is known of 1.35 and 1.36: a younger gate of another part
//! of Kubernetes may be missing, and one of the list may have been locked since.

use super::value::parse_bool;
use std::collections::BTreeMap;

/// A gate.
struct Gate {
    name: &'static str,
    default: bool,
    locked: bool,
}

const fn on(name: &'static str) -> Gate {
    Gate {
        name,
        default: true,
        locked: false,
    }
}

const fn off(name: &'static str) -> Gate {
    Gate {
        name,
        default: false,
        locked: false,
    }
}

/// Locked to true.
const fn always(name: &'static str) -> Gate {
    Gate {
        name,
        default: true,
        locked: true,
    }
}

/// Locked to false.
const fn never(name: &'static str) -> Gate {
    Gate {
        name,
        default: false,
        locked: true,
    }
}

/// The feature gates of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeatureGates {
    set: BTreeMap<&'static str, bool>,
}

impl FeatureGates {
    /// Whether a gate is on; a gate that is not known is off.
    pub fn enabled(&self, name: &str) -> bool {
        match self.set.get(name) {
            Some(value) => *value,
            None => find(name).is_some_and(|gate| gate.default),
        }
    }

    /// Reads the values of `--feature-gates`, in the order in which they were given.
    ///
    /// # Errors
    /// The server's words for the first gate that it does not take.
    pub fn parse<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut wanted = BTreeMap::new();
        let mut order = Vec::new();
        for pair in values.into_iter().flat_map(|value| value.split(',')) {
            let (component, pair) = pair.split_once(':').unwrap_or(("", pair));
            let component = component.trim();
            if !["", "kube"].contains(&component) {
                return Err(format!("component not registered: {component}"));
            }
            if pair.trim().is_empty() {
                continue;
            }
            let (name, value) = match pair.split_once('=') {
                Some((name, value)) => (name.trim(), value.trim()),
                None => return Err(format!("missing bool value for {}", pair.trim())),
            };
            let value = parse_bool(value)
                .map_err(|error| format!("invalid value of {name}={value}, err: {error}"))?;
            if wanted.insert(name, value).is_none() {
                order.push(name);
            }
        }
        let mut set = BTreeMap::new();
        let mut errors = Vec::new();
        for name in order {
            let value = wanted.get(name).copied().unwrap_or_default();
            // These two stand for all gates of a stage; none that identity depends on is among them.
            if ["AllAlpha", "AllBeta"].contains(&name) {
                if name == "AllBeta" && !value {
                    set.extend(BETA.iter().map(|gate| (*gate, false)));
                }
                continue;
            }
            let Some(gate) = find(name) else {
                errors.push(format!("unrecognized feature gate: {name}"));
                break;
            };
            if gate.locked && gate.default != value {
                let default = gate.default;
                errors.push(format!(
                    "cannot set feature gate {name} to {value}, feature is locked to {default}"
                ));
                continue;
            }
            set.insert(gate.name, value);
        }
        match super::super::aggregate(&errors) {
            Some(error) => Err(error),
            None => Ok(FeatureGates { set }),
        }
    }
}

/// The gates of identity that are still in beta, which `AllBeta` changes.
const BETA: [&str; 3] = [
    "AllowParsingUserUIDFromCertAuth",
    "ConstrainedImpersonation",
    "RemoteRequestHeaderUID",
];

fn find(name: &str) -> Option<&'static Gate> {
    GATES.iter().find(|gate| gate.name == name)
}

const GATES: &[Gate] = &[
    on("AggregatedDiscoveryRemoveBetaType"),
    off("AllowDNSOnlyNodeCSR"),
    off("AllowInsecureKubeletCertificateSigningRequests"),
    off("AllowOverwriteTerminationGracePeriodSeconds"),
    on("AllowParsingUserUIDFromCertAuth"),
    on("AllowServiceExternalIPs"),
    never("AllowServiceLBStatusOnNonLB"),
    off("AllowUnsafeMalformedObjectDeletion"),
    always("AnonymousAuthConfigurableEndpoints"),
    always("AnyVolumeDataSource"),
    on("APIResponseCompression"),
    on("APIServerIdentity"),
    always("APIServerTracing"),
    off("APIServingWithRoutine"),
    off("AtomicFIFO"),
    always("AuthorizeNodeWithSelectors"),
    on("AuthorizePodWebsocketUpgradeCreatePermission"),
    always("AuthorizeWithSelectors"),
    always("BtreeWatchCache"),
    off("CBORServingAndStorage"),
    off("ChangeContainerStatusOnKubeletRestart"),
    off("ClearingNominatedNodeNameAfterBinding"),
    off("CloudControllerManagerWatchBasedRoutesReconciliation"),
    off("CloudControllerManagerWebhook"),
    off("ClusterTrustBundle"),
    off("ClusterTrustBundleProjection"),
    off("ComponentFlagz"),
    always("ComponentSLIs"),
    off("ComponentStatusz"),
    off("ConcurrentWatchObjectDecode"),
    always("ConsistentListFromCache"),
    on("ConstrainedImpersonation"),
    on("ContainerCheckpoint"),
    off("ContainerRestartRules"),
    off("ContainerStopSignals"),
    on("ContextualLogging"),
    off("CoordinatedLeaderElection"),
    off("CPUManagerPolicyAlphaOptions"),
    on("CPUManagerPolicyBetaOptions"),
    always("CPUManagerPolicyOptions"),
    off("CRDObservedGenerationTracking"),
    always("CRDValidationRatcheting"),
    off("CRIListStreaming"),
    always("CronJobsScheduledAnnotation"),
    off("CrossNamespaceVolumeDataSource"),
    always("CSIMigrationPortworx"),
    off("CSIServiceAccountTokenSecrets"),
    off("CSIVolumeHealth"),
    off("CustomCPUCFSQuotaPeriod"),
    always("CustomResourceFieldSelectors"),
    on("DeclarativeValidation"),
    off("DeclarativeValidationTakeover"),
    off("DeploymentReplicaSetTerminatingReplicas"),
    on("DetectCacheInconsistency"),
    on("DisableAllocatorDualWrite"),
    on("DisableCPUQuotaWithExclusiveCPUs"),
    on("DisableNodeKubeProxyVersion"),
    on("DRAAdminAccess"),
    off("DRAConsumableCapacity"),
    off("DRADeviceBindingConditions"),
    off("DRADeviceTaints"),
    off("DRAExtendedResource"),
    off("DRAPartitionableDevices"),
    on("DRAPrioritizedList"),
    on("DRAResourceClaimDeviceStatus"),
    on("DRAResourceClaimGranularStatusAuthorization"),
    on("DRASchedulerFilterTimeout"),
    on("DynamicResourceAllocation"),
    off("EnvFiles"),
    off("EventedPLEG"),
    on("ExecProbeTimeout"),
    on("ExternalServiceAccountTokenSigner"),
    off("GangScheduling"),
    off("GenericWorkload"),
    off("GitRepoVolumeDriver"),
    on("GracefulNodeShutdown"),
    on("GracefulNodeShutdownBasedOnPodPriority"),
    always("HonorPVReclaimPolicy"),
    off("HostnameOverride"),
    off("HPAConfigurableTolerance"),
    off("HPAExternalMetricFallback"),
    off("HPAScaleToZero"),
    on("ImageMaximumGCAge"),
    off("ImageVolume"),
    on("InPlacePodVerticalScaling"),
    off("InPlacePodVerticalScalingAllocatedStatus"),
    off("InPlacePodVerticalScalingExclusiveCPUs"),
    off("InPlacePodVerticalScalingExclusiveMemory"),
    off("InTreePluginPortworxUnregister"),
    always("JobBackoffLimitPerIndex"),
    on("JobManagedBy"),
    always("JobPodReplacementPolicy"),
    always("JobSuccessPolicy"),
    off("KMSv1"),
    always("KubeletCgroupDriverFromCRI"),
    off("KubeletCrashLoopBackOffMax"),
    off("KubeletEnsureSecretPulledImages"),
    on("KubeletFineGrainedAuthz"),
    off("KubeletInUserNamespace"),
    on("KubeletPodResourcesDynamicResources"),
    on("KubeletPodResourcesGet"),
    on("KubeletPodResourcesListUseActivePods"),
    on("KubeletPSI"),
    off("KubeletRegistrationGetOnExistsOnly"),
    on("KubeletSeparateDiskGC"),
    on("KubeletServiceAccountTokenForCredentialProviders"),
    always("KubeletTracing"),
    on("ListFromCacheSnapshot"),
    always("LoadBalancerIPMode"),
    off("LocalStorageCapacityIsolationFSQuotaMonitoring"),
    always("LogarithmicScaleDown"),
    off("LoggingAlphaOptions"),
    on("LoggingBetaOptions"),
    always("MatchLabelKeysInPodAffinity"),
    on("MatchLabelKeysInPodTopologySpread"),
    on("MatchLabelKeysInPodTopologySpreadSelectorMerge"),
    off("MaxUnavailableStatefulSet"),
    always("MemoryManager"),
    off("MemoryQoS"),
    always("MultiCIDRServiceAllocator"),
    off("MutableCSINodeAllocatableCount"),
    off("MutatingAdmissionPolicy"),
    always("NFTablesProxyMode"),
    always("NodeInclusionPolicyInPodTopologySpread"),
    on("NodeLogQuery"),
    always("NodeSwap"),
    off("NominatedNodeNameForExpectation"),
    on("OpenAPIEnums"),
    always("OrderedNamespaceDeletion"),
    off("PodAndContainerStatsFromCRI"),
    off("PodCertificateRequest"),
    on("PodDeletionCost"),
    always("PodIndexLabel"),
    on("PodLevelResources"),
    always("PodLifecycleSleepAction"),
    always("PodLifecycleSleepActionAllowZero"),
    off("PodLogsQuerySplitStreams"),
    on("PodObservedGenerationTracking"),
    on("PodReadyToStartContainersCondition"),
    always("PodSchedulingReadiness"),
    off("PodTopologyLabelsAdmission"),
    on("PortForwardWebsockets"),
    on("PreferSameTrafficDistribution"),
    on("PreventStaticPodAPIReferences"),
    always("ProbeHostPodSecurityStandards"),
    on("ProcMountType"),
    off("QOSReserved"),
    always("RecoverVolumeExpansionFailure"),
    always("RecursiveReadOnlyMounts"),
    off("ReduceDefaultCrashLoopBackOffDecay"),
    always("RelaxedDNSSearchValidation"),
    always("RelaxedEnvironmentVariableValidation"),
    off("RelaxedServiceNameValidation"),
    on("ReloadKubeletServerCertificateFile"),
    on("RemoteRequestHeaderUID"),
    always("ResilientWatchCacheInitialization"),
    off("ResourceHealthStatus"),
    always("RetryGenerateName"),
    on("RotateKubeletServerCertificate"),
    off("RuntimeClassInImageCriApi"),
    off("SchedulerAsyncAPICalls"),
    on("SchedulerAsyncPreemption"),
    on("SchedulerPopFromBackoffQ"),
    always("SchedulerQueueingHints"),
    on("SELinuxChangePolicy"),
    off("SELinuxMount"),
    on("SELinuxMountReadWriteOncePod"),
    off("SeparateCacheWatchRPC"),
    always("SeparateTaintEvictionController"),
    on("ServiceAccountNodeAudienceRestriction"),
    always("ServiceAccountTokenJTI"),
    always("ServiceAccountTokenNodeBinding"),
    always("ServiceAccountTokenNodeBindingValidation"),
    always("ServiceAccountTokenPodNodeInfo"),
    always("ServiceTrafficDistribution"),
    always("SidecarContainers"),
    on("SizeBasedListCostEstimate"),
    always("SizeMemoryBackedVolumes"),
    always("StatefulSetAutoDeletePVC"),
    on("StatefulSetSemanticRevisionComparison"),
    off("StorageCapacityScoring"),
    on("StorageNamespaceIndex"),
    off("StorageVersionAPI"),
    on("StorageVersionHash"),
    off("StorageVersionMigrator"),
    always("StreamingCollectionEncodingToJSON"),
    always("StreamingCollectionEncodingToProtobuf"),
    always("StrictCostEnforcementForVAP"),
    always("StrictCostEnforcementForWebhooks"),
    off("StrictIPCIDRValidation"),
    always("StructuredAuthenticationConfiguration"),
    on("StructuredAuthenticationConfigurationEgressSelector"),
    on("StructuredAuthenticationConfigurationJWKSMetrics"),
    always("StructuredAuthorizationConfiguration"),
    on("SupplementalGroupsPolicy"),
    on("SystemdWatchdog"),
    on("TokenRequestServiceAccountUIDValidation"),
    always("TopologyAwareHints"),
    off("TopologyManagerPolicyAlphaOptions"),
    on("TopologyManagerPolicyBetaOptions"),
    on("TopologyManagerPolicyOptions"),
    on("TranslateStreamCloseWebsocketRequests"),
    on("UnauthenticatedHTTP2DOSMitigation"),
    off("UnknownVersionInteroperabilityProxy"),
    off("UserNamespacesPodSecurityStandards"),
    on("UserNamespacesSupport"),
    always("VolumeAttributesClass"),
    off("WatchCacheInitializationPostStartHook"),
    never("WatchFromStorageWithoutResourceVersion"),
    on("WatchList"),
    off("WindowsCPUAndMemoryAffinity"),
    on("WindowsGracefulNodeShutdown"),
    off("WindowsHostNetwork"),
    always("WinDSR"),
    always("WinOverlay"),
    off("WorkloadWithJob"),
];

#[cfg(test)]
mod tests {
    use super::{FeatureGates, GATES};

    #[test]
    fn refuses_as_the_server_does() {
        let cases = [
            ("Nope=true", "unrecognized feature gate: Nope"),
            (
                "ServiceAccountTokenJTI=false",
                "cannot set feature gate ServiceAccountTokenJTI to false, feature is locked to true",
            ),
            (
                "RemoteRequestHeaderUID",
                "missing bool value for RemoteRequestHeaderUID",
            ),
            (
                "A=maybe",
                "invalid value of A=maybe, err: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            ),
        ];
        for (value, error) in cases {
            assert_eq!(FeatureGates::parse([value]), Err(error.to_owned()));
        }
    }

    #[test]
    fn the_last_value_counts() {
        let gates = FeatureGates::parse([
            "RemoteRequestHeaderUID=false",
            "kube:RemoteRequestHeaderUID=true,AllowParsingUserUIDFromCertAuth=0,",
        ])
        .expect("gates");
        assert!(gates.enabled("RemoteRequestHeaderUID"));
        assert!(!gates.enabled("AllowParsingUserUIDFromCertAuth"));
        assert!(gates.enabled("ConstrainedImpersonation"));
        assert!(!gates.enabled("MutatingNobody"));
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::HashSet<_> = GATES.iter().map(|gate| gate.name).collect();
        assert_eq!(names.len(), GATES.len());
    }
}
