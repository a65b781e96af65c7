//! The control that a list of allowed Regions makes: every resource of a regional service is in one of them.

use onus_catalog::Catalog;
use onus_model::{
    Blocker, Control, Evidence, Finding, Layer, Origin, Reason, Resource, Severity, Value, Verb,
    Verdict,
};

use crate::options::Options;

const ID: &str = "location/allowed-regions";

/// The control as reports need it, if Regions were named.
pub(crate) fn control(catalog: &Catalog, options: &Options) -> Option<Control> {
    if options.allowed_regions.is_empty() {
        return None;
    }
    let words = &catalog.model.allowed_regions;
    Some(Control {
        id: ID.into(),
        title: words.title.clone(),
        severity: Severity::High,
        service: "location".into(),
        type_name: "*".into(),
        layer: Layer::DataLocation,
        verb: Verb::Apply,
        why: words.why.clone(),
        fix_terraform: Default::default(),
        fix_cloudformation: Default::default(),
        basis: words.basis.clone(),
        aliases: Vec::new(),
    })
}

/// The control on one resource; `None` where it does not speak of it.
pub(crate) fn finding(
    catalog: &Catalog,
    options: &Options,
    control: u32,
    at: u32,
    resource: &Resource,
) -> Option<Finding> {
    if options.allowed_regions.is_empty() || resource.part_of.is_some() {
        return None;
    }
    let service = catalog.service(&resource.service)?;
    if service.global {
        return None;
    }
    let region = &resource.region;
    let span = if region.span == onus_model::Span::NONE { resource.span } else { region.span };
    let mut finding = Finding {
        control,
        resource: at,
        verdict: Verdict::Unknown,
        evidence: Vec::new(),
        blockers: Vec::new(),
    };
    match &region.value {
        Value::String(name) => {
            let allowed = options.allowed_regions.iter().any(|allowed| allowed == name);
            finding.verdict = if allowed { Verdict::Satisfied } else { Verdict::NotSatisfied };
            finding.evidence.push(Evidence {
                fact: "region".into(),
                value: name.clone(),
                span,
                origin: Origin::Set,
            });
        }
        Value::Unknown(unknown) => finding.blockers.push(Blocker {
            fact: "region".into(),
            reason: unknown.reason,
            settles: unknown.settles.clone(),
            span,
        }),
        Value::Choice(choice) => finding.blockers.push(Blocker {
            fact: "region".into(),
            reason: Reason::Input,
            settles: choice.settles.clone(),
            span,
        }),
        _ => finding.blockers.push(Blocker {
            fact: "region".into(),
            reason: Reason::Input,
            settles: "the provider's region".into(),
            span,
        }),
    }
    Some(finding)
}
