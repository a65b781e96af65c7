//! What every format owes: it is written whatever the strings are, the same each time, and no text of
//! the input gets through unescaped.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests: a failure here is a failure of the test"
)]

mod sample;

use onus_model::{Assessment, Files};
use onus_report::{Format, Options, Report};

fn render(format: Format, assessment: &Assessment, files: &Files) -> String {
    let options = Options { color: false, width: 100, sources: &|_| None, version: "0.1.0" };
    let mut out = Vec::new();
    format.write(assessment, files, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_format_is_found_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(*format));
    }
    assert!("yaml".parse::<Format>().is_err());
}

#[test]
fn every_format_is_deterministic_and_bears_nothing_and_everything() {
    for format in Format::ALL {
        for count in [0, 1, 60] {
            let (assessment, files) = sample::assessment(count);
            let (again, other_files) = sample::assessment(count);
            let text = render(*format, &assessment, &files);
            assert!(!text.is_empty());
            assert_eq!(text, render(*format, &again, &other_files), "{format} of {count}");
        }
    }
}

#[test]
fn no_format_passes_on_a_control_character() {
    let (assessment, files) = sample::assessment(60);
    for format in Format::ALL {
        let text = render(*format, &assessment, &files);
        let stray = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        assert_eq!(stray, None, "{format}");
    }
}

#[test]
fn no_line_of_a_terminal_report_is_wider_than_the_terminal() {
    let (assessment, files) = sample::assessment(60);
    for width in [80, 100, 120] {
        let options = Options { color: false, width, sources: &|_| None, version: "0.1.0" };
        let mut out = Vec::new();
        Format::Terminal.write(&assessment, &files, &options, &mut out).unwrap();
        for line in String::from_utf8(out).unwrap().lines() {
            assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn the_json_report_reads_back_as_the_report_of_its_assessment() {
    let (assessment, files) = sample::assessment(60);
    let read = Report::read(&render(Format::Json, &assessment, &files)).unwrap();
    assert_eq!(read, Report::new(&assessment, &files));
}

#[test]
fn a_source_line_is_shown_only_when_no_literal_stands_in_it() {
    let (assessment, files) = sample::assessment(60);
    let cases = [
        ("  password = \"hunter2\"\n", false),
        ("  {Password: hunter2, Public: true}\n", false),
        ("  user_data = hunter2\n", true),
    ];
    for (line, shown) in cases {
        let sources = |_: &str| Some(line.repeat(500).into_bytes().into());
        let options = Options { color: false, width: 100, sources: &sources, version: "0.1.0" };
        let mut out = Vec::new();
        Format::Terminal.write(&assessment, &files, &options, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap().contains("hunter2"), shown, "{line}");
    }
}

/// Nothing that was read, and nothing that went wrong, is left out of the formats that list all.
#[test]
fn every_resource_and_every_message_is_in_the_complete_formats() {
    let (assessment, files) = sample::assessment(60);
    for format in [Format::Json, Format::Html] {
        let text = render(format, &assessment, &files);
        for resource in &assessment.resources {
            let address = serde_json::to_string(&resource.address).unwrap();
            let address =
                if format == Format::Html { address.replace('<', "\\u003c") } else { address };
            assert!(text.contains(&address), "{format}: {address}");
        }
        assert!(
            text.contains("a file without resources") && text.contains("module.vpc"),
            "{format}"
        );
    }
    for format in [Format::Terminal, Format::Markdown] {
        let text = render(format, &assessment, &files);
        for part in ["1 note", "a file without resources", "this string has no end", "module.vpc"] {
            let told = text.contains(part);
            let by_count = matches!(
                (format, part),
                (Format::Terminal, "a file without resources") | (Format::Markdown, "1 note")
            );
            assert!(told || by_count, "{format}: {part}");
        }
    }
}
