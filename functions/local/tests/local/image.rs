//! The image of sign-up, in the empty root directory that it has on Cloud Run.
//!
//! `scripts/check.sh` builds it before these tests, by `scripts/build-images.sh --quick signup`.

use marketplace_simulator::{Settings, Simulator};
use reqwest::StatusCode;

use crate::running_image::{RunningImage, environment, image_user};
use crate::stranger;

/// `localhost`, so that the simulator is found by name.
fn by_name(origin: &str) -> String {
    origin.replacen("127.0.0.1", "localhost", 1)
}

#[tokio::test]
async fn a_customer_signs_up_with_nothing_in_the_image_but_the_program_and_the_roots() {
    let simulator = Simulator::start(Settings::default()).await;
    let order = simulator.buy();
    let token = simulator.token(&order.account, &order.user);
    let image = RunningImage::start(&environment(&simulator, &by_name(&simulator.origin()))).await;
    assert_eq!(image.root_directory(), ["etc", "function"]);
    assert_eq!(image.user(), image_user());

    let answer = image.sign_up(&token).await;
    let status = answer.status();
    let page = answer.text().await.expect("a page");
    let (code, lines) = image.terminate().await;
    assert_eq!(status, StatusCode::OK, "{lines:?}");
    assert!(page.contains("name=\"portico-token\""), "{page}");
    let account = simulator.account(&order.account).expect("it is there");
    assert_eq!(account.times_approved, 1);
    assert_eq!(simulator.violations(), [""; 0]);

    assert_eq!(code, Some(0), "{lines:?}");
    let warned = lines.iter().find(|line| line["severity"] != "INFO");
    assert_eq!(warned, None);
    // What Terraform's metrics are made of.
    let mut requests = lines.iter().filter(|line| line["durationMs"].is_u64());
    let request = requests.next().expect("the request's line");
    assert_eq!(request["outcome"], "signed-up");
    assert_eq!(request["httpRequest"]["status"], 200);
    assert_eq!(requests.next(), None);
}

#[tokio::test]
async fn a_google_without_a_certificate_of_a_known_authority_is_refused() {
    let simulator = Simulator::start(Settings::default()).await;
    let order = simulator.buy();
    let token = simulator.token(&order.account, &order.user);
    let (origin, said) = stranger::start();
    let image = RunningImage::start(&environment(&simulator, &origin)).await;

    let answer = image.sign_up(&token).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let (code, _) = image.terminate().await;
    assert_eq!(code, Some(0));
    // Without authorities in the image there would be no client to ask with, and nobody would come.
    let said = said.recv().expect("somebody came");
    assert!(said.contains("AlertReceived(UnknownCA)"), "{said}");
}
