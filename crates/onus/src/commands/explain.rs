//! `onus explain`.

use onus_assess::{EstateView, Stage, Statement, assess, of_service, of_type};
use onus_catalog::{Catalog, ControlEntry};
use onus_model::{
    Assessment, Because, Blocker, EcoString, Estate, Evidence, Files, Finding, Layer, Profile,
    Truth, Verb, eco_format,
};
use onus_report::{Explanation, Format, Step, StepDuty, StepValue};
use std::collections::BTreeSet;

use super::rendering;
use super::settings::Settings;
use crate::cli::{ExplainArgs, ExplainFormat};
use crate::disk::{DiskWorld, walk};
use crate::out::{Outcome, complain, to};
use crate::progress::Progress;
use crate::run::read;

/// Finds out what is asked about, and says why it is as it is.
pub(crate) fn run(args: &ExplainArgs) -> Outcome {
    let files = Files::default();
    let settings = match Settings::of(&args.read, &files) {
        Ok(settings) => settings,
        Err(outcome) => return outcome,
    };
    let (Some(what), about) = (args.what.first(), args.what.get(1)) else { return Outcome::Failed };
    let found = match of_catalog(what, &settings.catalog) {
        Some(explanation) => Ok(explanation),
        None => of_estate(what, about.map(String::as_str), args, &settings, &files),
    };
    let explanation = match found {
        Ok(explanation) => explanation,
        Err(outcome) => return outcome,
    };
    show(&explanation, args.format)
}

/// Writes an explanation to standard output.
pub(crate) fn show(explanation: &Explanation, format: ExplainFormat) -> Outcome {
    let format = match format {
        ExplainFormat::Terminal => Format::Terminal,
        ExplainFormat::Json => Format::Json,
    };
    let options = rendering(true);
    to(None, |out| explanation.write(format, &options, out)).err().unwrap_or(Outcome::Clean)
}

/// What the catalog alone can explain: a control, a shift, a type, a service, a duty.
pub(crate) fn of_catalog(what: &str, catalog: &Catalog) -> Option<Explanation> {
    if let Some(control) = find_control(what, catalog) {
        return Some(of_control(control, catalog));
    }
    if let Some(shift) = catalog.shifts.iter().find(|shift| shift.id == what) {
        let statements = of_type(catalog, shift.type_index, None);
        let steps = statements
            .iter()
            .filter(|statement| statement.id == what)
            .map(|said| step(said, None, None, &Files::default()))
            .collect();
        let type_name = catalog
            .type_entry(shift.type_index)
            .map(|entry| entry.name.clone())
            .unwrap_or_default();
        return Some(Explanation {
            subject: what.into(),
            type_name,
            summary: shift.title.clone(),
            steps: without_configuration(steps),
            ..Explanation::default()
        });
    }
    if let Some((type_index, _)) = catalog.native(what).and_then(|native| native.is) {
        let entry = catalog.type_entry(type_index)?;
        let steps = of_type(catalog, type_index, None);
        return Some(Explanation {
            subject: what.into(),
            type_name: entry.name.clone(),
            class: Some(entry.class),
            summary: eco_format!("{}: {}", catalog.service(&entry.service)?.name, entry.title),
            steps: without_configuration(
                steps.iter().map(|said| step(said, None, None, &Files::default())).collect(),
            ),
            ..Explanation::default()
        });
    }
    if let Some(service) = catalog.service(what) {
        let steps = of_service(catalog, what);
        return Some(Explanation {
            subject: service.name.clone(),
            class: Some(service.class),
            summary: service.summary.clone(),
            steps: without_configuration(
                steps.iter().map(|said| step(said, None, None, &Files::default())).collect(),
            ),
            ..Explanation::default()
        });
    }
    let (layer, verb) = duty(what)?;
    Some(of_duty(layer, verb, catalog))
}

/// Marks what decides before any configuration speaks: the last statement on a duty that is no shift; and for each
/// shift, what it would move.
fn without_configuration(mut steps: Vec<Step>) -> Vec<Step> {
    let mut decided: BTreeSet<(Layer, Verb)> = BTreeSet::new();
    for step in steps.iter_mut().rev() {
        let is_shift = step.stage == onus_report::Stage::Shift;
        for duty in &mut step.duties {
            duty.decides = is_shift || decided.insert((duty.layer, duty.verb));
        }
    }
    steps
}

/// A step that no other one overrules.
fn alone(mut step: Step) -> Step {
    step.duties.iter_mut().for_each(|duty| duty.decides = true);
    step
}

fn find_control<'a>(what: &str, catalog: &'a Catalog) -> Option<&'a ControlEntry> {
    let named = |control: &&ControlEntry| {
        control.id == what || control.prose.aliases.iter().any(|(_, alias)| alias == what)
    };
    catalog.controls.iter().map(|control| &**control).find(named)
}

/// `layer/verb`, or a layer alone.
fn duty(what: &str) -> Option<(Layer, Option<Verb>)> {
    match what.split_once('/') {
        Some((layer, verb)) => Some((layer.parse().ok()?, Some(verb.parse().ok()?))),
        None => Some((what.parse().ok()?, None)),
    }
}

fn of_duty(layer: Layer, verb: Option<Verb>, catalog: &Catalog) -> Explanation {
    let words = catalog.model.layers.get(layer.index());
    let says = words.map(|words| words.says.clone()).unwrap_or_default();
    let meaning =
        verb.and_then(|verb| catalog.model.verbs.get(verb.index())).cloned().unwrap_or_default();
    let steps =
        catalog.model.classes.iter().zip(onus_model::ServiceClass::ALL).map(|(model, class)| {
            let said: Vec<_> =
                model.layers.iter().filter(|said| said.layer == layer).cloned().collect();
            let basis = said.iter().flat_map(|said| said.basis.clone()).collect();
            let statement = Statement {
                stage: Stage::Class,
                id: class.name().into(),
                title: model.title.clone(),
                predicate: EcoString::new(),
                truth: None,
                evidence: Vec::new(),
                blockers: Vec::new(),
                said,
                verdict: None,
                basis,
            };
            step(&statement, None, Some((layer, verb)), &Files::default())
        });
    let verb_name = verb.map(|verb| format!("/{verb}")).unwrap_or_default();
    Explanation {
        subject: eco_format!("{layer}{verb_name}"),
        summary: eco_format!("{says} {meaning}").trim().into(),
        steps: steps.map(alone).collect(),
        ..Explanation::default()
    }
}

fn of_control(control: &ControlEntry, catalog: &Catalog) -> Explanation {
    let entry = catalog.type_entry(control.type_index);
    Explanation {
        subject: control.id.clone(),
        type_name: entry.map(|entry| entry.name.clone()).unwrap_or_default(),
        class: entry.map(|entry| entry.class),
        summary: eco_format!(
            "it tests {}/{}; {} when open",
            control.layer,
            control.verb,
            control.severity
        ),
        steps: vec![control_step(control, None, &Files::default())],
        fixes: [
            ("Terraform", &control.prose.fix_terraform),
            ("CloudFormation", &control.prose.fix_cloudformation),
        ]
        .into_iter()
        .filter(|(_, fix)| !fix.is_empty())
        .map(|(language, fix)| (language.into(), fix.clone()))
        .collect(),
        ..Explanation::default()
    }
}

fn control_step(control: &ControlEntry, finding: Option<&Finding>, files: &Files) -> Step {
    let when = control
        .when
        .as_ref()
        .map(|when| format!(" — asked only where {}", when.text().trim()))
        .unwrap_or_default();
    Step {
        stage: onus_report::Stage::Control,
        id: control.id.clone(),
        title: control.prose.title.clone(),
        predicate: eco_format!("{}{when}", control.require.text().trim()),
        truth: None,
        values: finding
            .map(|finding| values(&finding.evidence, &finding.blockers, files))
            .unwrap_or_default(),
        duties: Vec::new(),
        verdict: finding.map(|finding| finding.verdict),
        aws: EcoString::new(),
        you: control.prose.why.clone(),
        basis: control.prose.basis.clone(),
    }
}

/// A resource of an estate, all of it or one duty or control of it.
fn of_estate(
    what: &str,
    about: Option<&str>,
    args: &ExplainArgs,
    settings: &Settings,
    files: &Files,
) -> Result<Explanation, Outcome> {
    let world = DiskWorld::of(&args.paths);
    let (tree, _) = walk(&args.paths, files);
    let progress = Progress::new(args.read.quiet);
    let (catalog, as_of) = (&settings.catalog, &settings.options.as_of);
    let estate = read(&world, files, &tree, &settings.inputs, catalog, as_of, &progress);
    let assessment = assess(&estate, catalog, &settings.options);
    progress.finish();
    let found = (0u32..).zip(&estate.resources).find(|(_, resource)| resource.address == what);
    let Some((at, resource)) = found else {
        complain(
            &not_found(what, &estate),
            "give an address as the report writes it, and --in PATH; or a type, control, shift or layer/verb",
        );
        return Err(Outcome::Failed);
    };
    let wanted = match about {
        None => None,
        Some(about) => match (duty(about), find_control(about, catalog)) {
            (Some(duty), _) => Some(About::Duty(duty)),
            (None, Some(control)) => Some(About::Control(control)),
            (None, None) => {
                complain(&format!("`{about}` is neither a duty (layer/verb) nor a control"), "");
                return Err(Outcome::Failed);
            }
        },
    };
    let place = files.display(resource.span);
    let base = Explanation {
        subject: what.into(),
        type_name: resource.type_name.clone(),
        place,
        class: class_of(&assessment, at),
        ..Explanation::default()
    };
    if let Some(whole) =
        resource.part_of.and_then(|at| estate.resources.get(usize::try_from(at).ok()?))
    {
        let summary =
            eco_format!("it is configuration of {}, whose duties cover it", whole.address);
        return Ok(Explanation { summary, ..base });
    }
    let view = EstateView::new(&estate, &assessment.as_of);
    let statements = match resource.type_index {
        Some(type_index) => of_type(catalog, type_index, Some((&view, at))),
        None => of_service(catalog, &resource.service),
    };
    let profile = profile_of(&assessment, at);
    let only = match &wanted {
        Some(About::Duty(duty)) => Some(*duty),
        _ => None,
    };
    let mut steps = Vec::new();
    if !matches!(wanted, Some(About::Control(_))) {
        steps.extend(statements.iter().map(|said| step(said, profile, only, files)));
        steps.retain(|step| only.is_none() || !step.duties.is_empty());
    }
    steps.extend(verdicts(&assessment, at, wanted.as_ref(), catalog, files));
    Ok(Explanation { summary: summary(profile, only), steps, ..base })
}

/// What is asked about a resource.
enum About<'a> {
    Duty((Layer, Option<Verb>)),
    Control(&'a ControlEntry),
}

/// The controls on a resource that were asked for, each with its verdict.
fn verdicts(
    assessment: &Assessment,
    at: u32,
    wanted: Option<&About<'_>>,
    catalog: &Catalog,
    files: &Files,
) -> Vec<Step> {
    let of_resource = assessment.findings.iter().filter(|finding| finding.resource == at);
    let chosen = of_resource.filter_map(|finding| {
        let control =
            usize::try_from(finding.control).ok().and_then(|at| catalog.controls.get(at))?;
        let fits = match wanted {
            None => true,
            Some(About::Control(wanted)) => wanted.id == control.id,
            Some(About::Duty((layer, verb))) => {
                control.layer == *layer && verb.is_none_or(|verb| verb == control.verb)
            }
        };
        fits.then(|| control_step(control, Some(finding), files))
    });
    chosen.collect()
}

fn profile_of(assessment: &Assessment, at: u32) -> Option<&Profile> {
    let resource = assessment.resources.get(usize::try_from(at).ok()?)?;
    assessment.profiles.get(usize::try_from(resource.profile).ok()?)
}

fn class_of(assessment: &Assessment, at: u32) -> Option<onus_model::ServiceClass> {
    assessment.resources.get(usize::try_from(at).ok()?)?.class
}

/// The answer in a sentence.
fn summary(profile: Option<&Profile>, only: Option<(Layer, Option<Verb>)>) -> EcoString {
    let (Some(profile), Some((layer, verb))) = (profile, only) else { return EcoString::new() };
    let duties = profile
        .duties
        .iter()
        .filter(|duty| duty.layer == layer && verb.is_none_or(|verb| verb == duty.verb));
    let said: Vec<String> = duties
        .map(|duty| format!("{}/{}: {}", duty.layer, duty.verb, duty.allocation.name()))
        .collect();
    said.join(", ").into()
}

fn not_found(what: &str, estate: &Estate) -> String {
    let last = what.rsplit('.').next().unwrap_or(what);
    let close: Vec<&str> = estate
        .resources
        .iter()
        .map(|resource| resource.address.as_str())
        .filter(|address| address.contains(last))
        .take(5)
        .collect();
    let hint = if close.is_empty() {
        String::new()
    } else {
        format!("; did you mean {}?", close.join(", "))
    };
    format!("there is no resource `{what}` in what was read{hint}")
}

/// A statement as a step. With the profile that came out, the duties that it decides are marked; with `only`, no other
/// duties are listed.
fn step(
    statement: &Statement,
    profile: Option<&Profile>,
    only: Option<(Layer, Option<Verb>)>,
    files: &Files,
) -> Step {
    let wanted = |layer: Layer, verb: Verb| {
        only.is_none_or(|(of, which)| of == layer && which.is_none_or(|which| which == verb))
    };
    let mut duties = Vec::new();
    let mut words = None;
    for said in &statement.said {
        for (verb, holder) in Verb::ALL.iter().zip(said.verbs) {
            let Some(allocation) = holder.filter(|_| wanted(said.layer, *verb)) else { continue };
            let decides =
                profile.is_some_and(|profile| decides(statement, profile, said.layer, *verb));
            duties.push(StepDuty { layer: said.layer, verb: *verb, allocation, decides });
        }
        if only.is_some_and(|(layer, _)| layer == said.layer)
            || (only.is_none() && statement.said.len() == 1)
        {
            words = Some(said);
        }
    }
    // What does not hold says nothing.
    let words = words.filter(|_| statement.truth != Some(Truth::False));
    let basis = match words {
        Some(said) if only.is_some() => said.basis.clone(),
        _ => statement.basis.clone(),
    };
    let stage = match statement.stage {
        Stage::Class => onus_report::Stage::Class,
        Stage::Service => onus_report::Stage::Service,
        Stage::Type => onus_report::Stage::Type,
        Stage::Shift => onus_report::Stage::Shift,
        Stage::Control => onus_report::Stage::Control,
    };
    Step {
        stage,
        id: statement.id.clone(),
        title: statement.title.clone(),
        predicate: statement.predicate.clone(),
        truth: statement.truth,
        values: values(&statement.evidence, &statement.blockers, files),
        duties,
        verdict: statement.verdict,
        aws: words.map(|said| said.aws.clone()).unwrap_or_default(),
        you: words.map(|said| said.you.clone()).unwrap_or_default(),
        basis,
    }
}

fn decides(statement: &Statement, profile: &Profile, layer: Layer, verb: Verb) -> bool {
    let Some(duty) = profile.duties.iter().find(|duty| duty.layer == layer && duty.verb == verb)
    else {
        return false;
    };
    match (&duty.because, statement.stage) {
        (Because::Class(class), Stage::Class) => statement.id == class.name(),
        (Because::Service(id), Stage::Service) | (Because::Type(id), Stage::Type) => {
            statement.id == *id
        }
        (Because::Shift(id), Stage::Shift) => {
            statement.id == *id && statement.truth == Some(Truth::True)
        }
        _ => false,
    }
}

fn values(evidence: &[Evidence], blockers: &[Blocker], files: &Files) -> Vec<StepValue> {
    let known = evidence.iter().map(|evidence| StepValue {
        fact: evidence.fact.clone(),
        value: evidence.value.clone(),
        settles: EcoString::new(),
        place: files.display(evidence.span),
        origin: Some(evidence.origin),
    });
    let unknown = blockers.iter().map(|blocker| StepValue {
        fact: blocker.fact.clone(),
        value: "unknown".into(),
        settles: blocker.settles.clone(),
        place: files.display(blocker.span),
        origin: None,
    });
    known.chain(unknown).collect()
}
