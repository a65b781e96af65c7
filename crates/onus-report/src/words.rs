//! The published words as people say them.

use onus_model::{
    Allocation, Because, EcoString, Layer, Level, Reason, SourceKind, Split, eco_format,
};

/// A layer in running text.
pub(crate) fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::GuestOs => "guest OS",
        Layer::TransportEncryption => "transport encryption",
        Layer::AtRestEncryption => "at-rest encryption",
        Layer::IdentityAccess => "identity and access",
        Layer::DataLocation => "data location",
        Layer::LoggingMonitoring => "logging and monitoring",
        Layer::IncidentResponse => "incident response",
        other => other.name(),
    }
}

/// Who holds a duty, in running text.
pub(crate) fn allocation(allocation: Allocation) -> &'static str {
    match allocation {
        Allocation::Provider => "AWS",
        Allocation::Customer => "you",
        Allocation::ThirdParty => "third party",
        Allocation::NotApplicable => "nobody",
        Allocation::Undetermined => "undetermined",
    }
}

/// How a layer is held, in running text.
pub(crate) fn split(split: Split) -> &'static str {
    match split {
        Split::Provider => "AWS",
        Split::Customer => "yours",
        Split::ThirdParty => "third party",
        Split::SharedDependent => "split, in turn",
        Split::SharedIndependent => "split",
        Split::NotApplicable => "nothing to do",
        Split::Undetermined => "undetermined",
    }
}

/// What decided an allocation.
pub(crate) fn because(because: &Because) -> EcoString {
    match because {
        Because::Class(class) => eco_format!("default of the {class} class"),
        Because::Service(id) => eco_format!("service {id}"),
        Because::Type(name) => eco_format!("type {name}"),
        Because::Shift(id) => eco_format!("shift {id}"),
        Because::NotAws => "no resource of AWS".into(),
        Because::UnknownService => "a service that the catalog does not know".into(),
    }
}

/// Why a value is not known, as a clause.
pub(crate) fn reason_clause(reason: Reason) -> &'static str {
    match reason {
        Reason::Input => "has no value yet",
        Reason::Lookup => "is looked up by the provider",
        Reason::Computed => "is known after apply",
        Reason::Missing => "was not there to read",
        Reason::Function => "comes from a function that is not evaluated",
        Reason::NotCollected => "is not in this kind of source",
        Reason::Denied => "was not allowed to be read",
        Reason::Redacted => "is sensitive and withheld",
        Reason::Cycle => "depends on itself",
        Reason::Invalid => "is written wrongly",
        Reason::Limit => "would go beyond a limit of onus",
    }
}

/// The published name of a level.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

/// A source, counted: `2 Terraform root modules`.
pub(crate) fn scopes(kind: SourceKind, count: usize) -> EcoString {
    let (one, many) = match kind {
        SourceKind::Terraform => ("Terraform root module", "Terraform root modules"),
        SourceKind::TerraformPlan => ("Terraform plan", "Terraform plans"),
        SourceKind::TerraformState => ("Terraform state", "Terraform states"),
        SourceKind::Cloudformation => ("CloudFormation template", "CloudFormation templates"),
        SourceKind::Config => ("AWS Config snapshot", "AWS Config snapshots"),
        SourceKind::Live => ("live account and region", "live accounts and regions"),
    };
    counted(count, one, many)
}

/// The fix that is written for the kind of source.
pub(crate) fn fix(kind: SourceKind, control: &onus_model::Control) -> &EcoString {
    let (first, second) = match kind {
        SourceKind::Cloudformation => (&control.fix_cloudformation, &control.fix_terraform),
        _ => (&control.fix_terraform, &control.fix_cloudformation),
    };
    if first.is_empty() { second } else { first }
}

/// `1 resource`, `1,204 resources`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> EcoString {
    eco_format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// A number with `,` between thousands.
pub(crate) fn thousands(count: usize) -> EcoString {
    let digits = count.to_string();
    let mut text = EcoString::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count of the model as a size; no count of one run exceeds memory.
pub(crate) fn size(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
