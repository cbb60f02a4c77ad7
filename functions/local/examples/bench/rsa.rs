//! How fast this machine verifies an RSA signature, and how fast we verify a token.

use std::error::Error;
use std::process::{Command, Stdio};

use crate::BenchPlan;
use crate::program::built;
use crate::table::Row;

/// Verifications in a second of one core.
#[derive(Debug, Clone)]
pub(crate) struct Rates {
    pub(crate) version: String,
    pub(crate) openssl: f64,
    portico: f64,
}

impl Rates {
    /// Both in turn, on the same core. The best of each is the one least disturbed.
    pub(crate) fn measure(plan: &BenchPlan) -> Result<Self, Box<dyn Error>> {
        let version = output(plan, Command::new("openssl").arg("version"))?;
        let version = version.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let mut rates = Self {
            version,
            openssl: 0.0,
            portico: 0.0,
        };
        for _ in 0..plan.rounds {
            let mut speed = Command::new("openssl");
            speed.args(["speed", "-mr", "-seconds", "3", "rsa2048"]);
            rates.openssl = rates.openssl.max(openssl_rate(&output(plan, &mut speed)?)?);
            let ours = output(plan, &mut Command::new(built("verify_rate")?))?;
            rates.portico = rates.portico.max(ours.trim().parse()?);
        }
        Ok(rates)
    }

    pub(crate) fn row(&self) -> Row {
        let percent = self.portico / self.openssl * 100.0;
        Row::new(
            "token verification, warm, all checks",
            format!("{:.0}/s = {percent:.0} %", self.portico),
        )
        .beside(format!("{}: {:.0}/s", self.version, self.openssl))
        .within("≥ 85 %", percent >= 85.0)
    }

    pub(crate) fn microseconds(&self) -> f64 {
        1e6 / self.openssl
    }
}

/// From a line such as `+F2:2:2048:2786.0:52244.0`: signatures and verifications in a second.
fn openssl_rate(text: &str) -> Result<f64, Box<dyn Error>> {
    let line = text.lines().find(|line| line.starts_with("+F2:"));
    let rate = line.and_then(|line| line.split(':').nth(4));
    Ok(rate.ok_or("openssl speed said something else")?.parse()?)
}

fn output(plan: &BenchPlan, command: &mut Command) -> Result<String, Box<dyn Error>> {
    command.stderr(Stdio::null());
    let output = plan.cores.on_function_core(|| command.output())?;
    if !output.status.success() {
        return Err(format!("{} failed", command.get_program().display()).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
