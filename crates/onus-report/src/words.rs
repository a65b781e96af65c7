//! The published words as people say them.

use onus_model::{EcoString, Layer, Level, SourceKind, eco_format};

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
