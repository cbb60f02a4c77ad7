//! Prints how many Marketplace tokens one core verifies in a second, with every check and warm keys.
//!
//! The figure to compare with is that of `openssl speed rsa2048`, on the same core. Both count the
//! processor's time and not the clock's, so that a busy machine does not distort the ratio.

use std::error::Error;
use std::time::{Duration, Instant};

use google_calls::Http;
use jiff::Timestamp;
use marketplace::{At, Deadline, GoogleOrigin};
use marketplace_simulator::tokens::{MarketplaceClaims, key_set_json, marketplace};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use verification::{Audiences, KeySet, MarketplaceVerifier};

/// How long is measured.
const DURATION: Duration = Duration::from_secs(3);

/// Verifications between two looks at the clock.
const BATCH: u32 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let per_second = runtime.block_on(measure())?;
    #[expect(clippy::print_stdout, reason = "this is what the program is for")]
    {
        println!("{per_second:.0}");
    }
    Ok(())
}

async fn measure() -> Result<f64, Box<dyn Error>> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| "a crypto provider is installed already")?;
    let origin = GoogleOrigin::simulated_at(&publish_keys().await?);
    let keys = KeySet::marketplace(&origin, Http::new());
    let audiences = Audiences::parse(vec!["signup.example.com".to_owned()])?;
    let verifier = MarketplaceVerifier::new(keys, audiences);
    let now = Timestamp::now();
    let [key, ..] = marketplace();
    let token = MarketplaceClaims::valid_at(now).signed_by(key);
    let at = At {
        now,
        deadline: Deadline::after(Duration::from_mins(1)),
    };

    verifier.verify(&token, at).await?;
    let started = Instant::now();
    let processor = processor_time();
    let mut count = 0_u32;
    while started.elapsed() < DURATION {
        for _ in 0..BATCH {
            verifier.verify(&token, at).await?;
        }
        count += BATCH;
    }
    let used = match (processor, processor_time()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => started.elapsed(),
    };
    Ok(f64::from(count) / used.as_secs_f64())
}

/// How long this thread has had a processor, where the system tells (Linux).
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Serves the test keys on loopback, at every path.
async fn publish_keys() -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let body = key_set_json(marketplace());
    let answer = format!(
        "HTTP/1.1 200 OK\r\nCache-Control: max-age=21600\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(answer.as_bytes()).await;
            // Closing before the request is read would reset the connection.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    });
    Ok(origin)
}
