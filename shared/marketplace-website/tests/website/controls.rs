//! What the listing offers beside the purchase, and what is always in sight.

use marketplace_simulator::{Order, Simulator};
use marketplace_website::Storefront;

use crate::shop;

async fn open() -> (Simulator, Order) {
    let storefront = Storefront::example("http://localhost:1/signup");
    let sim = shop::open(storefront, |_| {}).await;
    let order = sim.buy();
    (sim, order)
}

async fn get(sim: &Simulator, path: &str) -> String {
    let url = format!("{}{path}", sim.origin());
    let page = shop::client().get(url).send().await.unwrap();
    page.text().await.unwrap()
}

#[tokio::test]
async fn each_group_of_controls_says_what_it_is() {
    let (sim, order) = open().await;
    let page = get(&sim, &format!("/customers/{}/1", order.account)).await;
    let legends = page.split("<legend>").skip(1);
    let legends: Vec<_> = legends.map(|it| it.split('<').next().unwrap()).collect();
    let expected = [
        "Time",
        "Account of this customer",
        "Keys and tokens",
        "Faults of calls and events",
    ];
    assert_eq!(legends, expected);
}

#[tokio::test]
async fn an_account_is_rejected_only_before_its_approval() {
    let (sim, order) = open().await;
    let path = format!("/customers/{}/1", order.account);
    let reject = "action=\"/google/reject\"";
    assert!(get(&sim, &path).await.contains(reject));
    sim.approve_account(&order.account).unwrap();
    let page = get(&sim, &path).await;
    assert!(!page.contains(reject) && page.contains("action=\"/google/reset\""));

    let (sim, order) = open().await;
    sim.reject_account(&order.account).unwrap();
    let page = get(&sim, &format!("/customers/{}/1", order.account)).await;
    assert!(!page.contains(reject) && page.contains("The vendor has rejected this account."));
}

#[tokio::test]
async fn a_refusal_leads_back_to_the_page_it_came_from() {
    let (sim, order) = open().await;
    sim.approve_account(&order.account).unwrap();
    // Another customer was here last.
    sim.buy();
    let form = format!("account={}&person=1", order.account);
    let url = format!("{}/google/reject", sim.origin());
    let refused = shop::client().post(url).body(form).send().await.unwrap();
    assert_eq!(refused.status(), 409);
    let page = refused.text().await.unwrap();
    let back = format!("class=\"button\" href=\"/customers/{}/1\"", order.account);
    assert!(page.contains(&back), "{page}");
}

#[tokio::test]
async fn date_and_time_of_the_simulated_clock_are_on_every_page() {
    let (sim, order) = open().await;
    sim.pass_time(std::time::Duration::from_hours(31 * 24));
    for path in [
        "/new".to_owned(),
        format!("/customers/{}/1", order.account),
        "/events".to_owned(),
    ] {
        let before = sim.orders_now();
        let page = get(&sim, &path).await;
        let after = sim.orders_now();
        let is_shown = [before, after].iter().any(|now| {
            let said = now.strftime("%a %Y-%m-%d %H:%M UTC").to_string();
            page.contains(&format!(
                "{said}</time> here, 31 days ahead of your computer."
            ))
        });
        assert!(is_shown, "{path}: {page}");
        assert_eq!(page.matches("id=\"elsewhen\"").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn the_log_is_a_list_inside_a_live_region_in_the_order_of_time() {
    let (sim, order) = open().await;
    let keys = "/www.googleapis.com/oauth2/v3/certs";
    for hours in [1, 5, 30] {
        get(&sim, keys).await;
        sim.pass_time(std::time::Duration::from_hours(hours));
        sim.buy_again(&order.account);
    }
    get(&sim, keys).await;
    let page = get(&sim, &format!("/customers/{}/1", order.account)).await;
    assert!(page.contains("<div id=\"log\" role=\"log\""));
    assert_eq!(page.matches("role=\"log\"").count(), 1);
    let (_, log) = page
        .split_once("<ol id=\"log-rows\" data-live=\"rows\">")
        .unwrap();
    let (log, _) = log.split_once("</ol>").unwrap();
    let times = log.split("<time datetime=\"").skip(1);
    let times: Vec<jiff::Timestamp> = times
        .map(|it| it.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(times.len() >= 8, "{times:?}");
    assert!(times.is_sorted(), "{times:?}");
}
