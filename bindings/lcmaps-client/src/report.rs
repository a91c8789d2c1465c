//! What a run did, as the library tells it: which policies and modules ran, with what result.
//!
//! The reader is lenient: unknown members are ignored, missing ones and nulls are empty, and a result it does not
//! know is a failure. So a report of a later version can be read as far as it is understood.

use serde::{Deserialize, Deserializer};

/// A run report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Version of the report's form; this reader knows 1.
    pub version: u32,
    /// What kind of run it was: `run` or `verify`.
    #[serde(deserialize_with = "null_is_empty")]
    pub mode: String,
    /// The DN that LCMAPS derived or was given.
    pub dn: Option<String>,
    /// The VOMS attributes, the primary one first.
    #[serde(deserialize_with = "null_is_empty")]
    pub fqans: Vec<String>,
    /// Whether the run as a whole succeeded.
    pub result: Verdict,
    /// Why it did not, in a sentence.
    pub reason: Option<String>,
    /// The policies that were tried, in order.
    #[serde(deserialize_with = "null_is_empty")]
    pub policies: Vec<Policy>,
    /// What the modules registered.
    #[serde(deserialize_with = "null_is_empty")]
    pub account: Registered,
    /// The log lines of the run.
    #[serde(deserialize_with = "null_is_empty")]
    pub messages: Vec<Message>,
}

/// One policy of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Its name.
    #[serde(deserialize_with = "null_is_empty")]
    pub name: String,
    /// Where it begins in the policy file; `None` if the library does not tell.
    pub line: Option<u32>,
    /// Its result.
    pub result: Verdict,
    /// The modules that ran, in order.
    #[serde(deserialize_with = "null_is_empty")]
    pub steps: Vec<Step>,
}

/// One module's turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Step {
    /// The name that the policy gives it.
    #[serde(deserialize_with = "null_is_empty")]
    pub state: String,
    /// Where that name stands in the policy file; `None` if the library does not tell.
    pub line: Option<u32>,
    /// The module.
    #[serde(deserialize_with = "null_is_empty")]
    pub module: String,
    /// The file that it was loaded from; `None` if the library does not tell.
    pub file: Option<String>,
    /// Its arguments, as written in the policy file.
    #[serde(deserialize_with = "null_is_empty")]
    pub arguments: String,
    /// Its result.
    pub result: Verdict,
    /// The number it returned; 0 is success.
    pub code: i64,
}

/// What the modules registered, wanted or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Registered {
    /// User ids.
    #[serde(deserialize_with = "null_is_empty")]
    pub uids: Vec<u32>,
    /// Primary groups.
    #[serde(deserialize_with = "null_is_empty")]
    pub primary_gids: Vec<u32>,
    /// Secondary groups.
    #[serde(deserialize_with = "null_is_empty")]
    pub secondary_gids: Vec<u32>,
    /// Name of the lease.
    pub pool_index: Option<String>,
    /// The DN that a module registered.
    pub dn: Option<String>,
}

/// A log line of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Message {
    /// Its level: `ERR`, `WARNING`, `NOTICE`, `INFO` or `DEBUG`.
    #[serde(deserialize_with = "null_is_empty")]
    pub level: String,
    /// Its text, without time stamp and newline.
    #[serde(deserialize_with = "null_is_empty")]
    pub text: String,
}

/// Success or failure; whatever is not a clear success is a failure.
#[must_use]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Option<String>")]
pub enum Verdict {
    /// It succeeded.
    Success,
    /// It did not.
    #[default]
    Failure,
}

impl From<Option<String>> for Verdict {
    fn from(word: Option<String>) -> Self {
        match word.as_deref() {
            Some("success") => Self::Success,
            _ => Self::Failure,
        }
    }
}

impl Report {
    /// Reads a report from its JSON text.
    ///
    /// # Errors
    /// The text is no JSON, or a member has another type than it should.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// The policy that decided: the one that succeeded, else the last one tried.
    #[must_use]
    pub fn deciding_policy(&self) -> Option<&Policy> {
        let succeeded = self
            .policies
            .iter()
            .find(|policy| policy.result == Verdict::Success);
        succeeded.or(self.policies.last())
    }
}

fn null_is_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_full_report_is_read_whole() -> Result<(), serde_json::Error> {
        let report = Report::parse(
            r#"{"version":1,"mode":"run","dn":"/CN=a","fqans":["/vo"],"result":"success","reason":null,
            "policies":[{"name":"p","result":"failure","steps":[]},
              {"name":"q","line":4,"result":"success","steps":[{"state":"pool","line":5,"module":"lcmaps_poolaccount.mod","file":"/lib/m",
              "arguments":"-x","result":"success","code":0}]}],
            "account":{"uids":[5],"primary_gids":[6],"secondary_gids":[7],"pool_index":"%2fcn%3da","dn":"/CN=a"},
            "messages":[{"level":"NOTICE","text":"LCMAPS CRED FINAL"}]}"#,
        )?;
        assert_eq!(report.version, 1);
        assert_eq!(report.dn.as_deref(), Some("/CN=a"));
        assert_eq!(report.result, Verdict::Success);
        assert_eq!(report.deciding_policy().map(|p| p.name.as_str()), Some("q"));
        assert_eq!(report.policies[1].steps[0].module, "lcmaps_poolaccount.mod");
        assert_eq!(
            (report.policies[1].line, report.policies[1].steps[0].line),
            (Some(4), Some(5))
        );
        assert_eq!(report.policies[1].steps[0].file.as_deref(), Some("/lib/m"));
        assert_eq!(report.account.uids, [5]);
        assert_eq!(report.account.pool_index.as_deref(), Some("%2fcn%3da"));
        assert_eq!(report.messages[0].level, "NOTICE");
        Ok(())
    }

    #[test]
    fn missing_and_null_members_are_empty_and_unknown_ones_ignored() -> Result<(), serde_json::Error>
    {
        assert_eq!(Report::parse("{}")?, Report::default());
        let nulls = r#"{"fqans":null,"policies":null,"account":null,"messages":null,"result":null,"later":{"a":1}}"#;
        assert_eq!(Report::parse(nulls)?, Report::default());
        Ok(())
    }

    #[test]
    fn a_result_that_is_not_known_is_a_failure() -> Result<(), serde_json::Error> {
        for word in ["", "SUCCESS", "ok", "perhaps"] {
            let report = Report::parse(&format!(r#"{{"result":"{word}"}}"#))?;
            assert_eq!(report.result, Verdict::Failure, "{word}");
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,200}") {
            let _ = Report::parse(&text);
        }
    }
}
