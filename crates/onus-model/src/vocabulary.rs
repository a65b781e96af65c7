//! The closed word lists of the model: parties, layers, verbs, classes, severities.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares an enumeration whose members have one published name each.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every member, in the order of the model.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The published name.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<$name, ()> {
                match text { $($text => Ok($name::$variant),)+ _ => Err(()) }
            }
        }
    };
}

words! {
    /// Who can hold a duty.
    Party {
        /// AWS.
        Provider = "provider",
        /// Whoever runs the estate.
        Customer = "customer",
        /// Somebody between the two.
        ThirdParty = "third-party",
    }
}

words! {
    /// Where in the stack a responsibility lies, from the ground up.
    Layer {
        /// Buildings, power, guards.
        Facilities = "facilities",
        /// Servers, disks, cables.
        Hardware = "hardware",
        /// Hypervisor and isolation of tenants.
        Virtualization = "virtualization",
        /// The operating system that the workload sees.
        GuestOs = "guest-os",
        /// Language runtime, database engine, middleware.
        Runtime = "runtime",
        /// The customer's own code and its dependencies.
        Application = "application",
        /// Network and firewall configuration.
        Network = "network",
        /// Protection of data on the wire.
        TransportEncryption = "transport-encryption",
        /// Protection of stored data.
        AtRestEncryption = "at-rest-encryption",
        /// Cryptographic keys and their life.
        Keys = "keys",
        /// Who may do what.
        IdentityAccess = "identity-access",
        /// The content itself.
        Data = "data",
        /// Where content is stored and processed.
        DataLocation = "data-location",
        /// Records of what happens, and eyes on them.
        LoggingMonitoring = "logging-monitoring",
        /// Backup, recovery, availability.
        Resilience = "resilience",
        /// Being ready for, and dealing with, incidents.
        IncidentResponse = "incident-response",
        /// Settings of the service, kept as intended.
        Configuration = "configuration",
        /// Awareness and skill of people.
        Training = "training",
    }
}

words! {
    /// What is to be done about a layer.
    Verb {
        /// Make the means or the fix available.
        Provide = "provide",
        /// Choose whether and how.
        Decide = "decide",
        /// Put it in force.
        Apply = "apply",
        /// Watch that it holds.
        Verify = "verify",
    }
}

words! {
    /// AWS's three classes of service: a label and the default allocation, never the last word.
    ServiceClass {
        /// Virtual machines, volumes, networks.
        Infrastructure = "infrastructure",
        /// Managed platforms on instances that you do not administer.
        Container = "container",
        /// Services behind an API endpoint.
        Abstracted = "abstracted",
    }
}

words! {
    /// The delivery models of NIST SP 800-145, with functions told apart.
    DeliveryModel {
        /// Infrastructure as a service.
        Iaas = "iaas",
        /// Platform as a service.
        Paas = "paas",
        /// Software as a service.
        Saas = "saas",
        /// Functions as a service.
        Faas = "faas",
    }
}

words! {
    /// How bad an open duty is.
    Severity {
        /// Good practice.
        Low = "low",
        /// A weakness that needs another one to hurt.
        Medium = "medium",
        /// A weakness that hurts by itself.
        High = "high",
        /// Open to the world, or no way back.
        Critical = "critical",
    }
}

impl Layer {
    /// Position in [`Layer::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

impl Verb {
    /// Position in [`Verb::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}
