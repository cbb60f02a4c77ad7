//! The services that products are reported to.

use std::collections::BTreeMap;

use marketplace::service_account_page::ServiceName;
use marketplace::{ProductId, Products};

/// The service that the usage of each product is checked at and reported to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Services(BTreeMap<ProductId, ServiceName>);

/// What is wrong with a text that names services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvalidServices {
    /// A name is not one of a service.
    Name,
    /// There are several products, and a service is named without the product that it is of.
    WhoseIsMissing,
    /// A pair is of a product that is not served.
    OtherProduct,
    /// Two pairs are of one product.
    Twice,
}

impl InvalidServices {
    /// What the variable does wrong, to follow its name in a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Name => {
                "must be a service name, such as product.endpoints.example-partner.cloud.goog, or \
                 `product=service` pairs, comma-separated"
            }
            Self::WhoseIsMissing => {
                "must be `product=service` pairs, because PRODUCTS names several products"
            }
            Self::OtherProduct => "names a product that is not in PRODUCTS",
            Self::Twice => "names a product twice",
        }
    }
}

impl Services {
    /// Reads `product=service` pairs, comma-separated, or the single service of the only product. Without the
    /// products, because they could not be read, only the names are examined. Every kind of problem is returned.
    pub fn parse(text: &str, products: Option<&Products>) -> Result<Self, Vec<InvalidServices>> {
        let mut services = BTreeMap::new();
        let mut problems = Vec::new();
        for part in text.split(',').map(str::trim) {
            match read(part, products) {
                Ok(Some((product, _))) if services.contains_key(&product) => {
                    problems.push(InvalidServices::Twice);
                }
                Ok(read) => services.extend(read),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            return Ok(Self(services));
        }
        problems.sort_unstable();
        problems.dedup();
        Err(problems)
    }

    /// As [`parse`](Self::parse), with each problem given to `refuse`, to follow the variable's name in a sentence.
    pub fn read(
        text: &str,
        products: Option<&Products>,
        refuse: impl FnMut(&'static str),
    ) -> Option<Self> {
        let read = Self::parse(text, products);
        read.map_err(|problems| {
            let reasons = problems.into_iter().map(InvalidServices::reason);
            reasons.for_each(refuse);
        })
        .ok()
    }

    /// The service of a product. Usage of one without a service is reported nowhere.
    pub fn of(&self, product: &ProductId) -> Option<&ServiceName> {
        self.0.get(product)
    }

    /// The service, if there is only one.
    pub fn only(&self) -> Option<&ServiceName> {
        let mut names = self.0.values();
        names.next().filter(|_| names.next().is_none())
    }
}

/// One service and the product that it is of; none if nobody can say which.
fn read(
    part: &str,
    products: Option<&Products>,
) -> Result<Option<(ProductId, ServiceName)>, InvalidServices> {
    let name = |text: &str| ServiceName::parse(text.trim()).ok_or(InvalidServices::Name);
    let Some((product, service)) = part.split_once('=') else {
        let service = name(part)?;
        let Some(products) = products else {
            return Ok(None);
        };
        let only = products.only().ok_or(InvalidServices::WhoseIsMissing)?;
        return Ok(Some((only.clone(), service)));
    };
    let product = ProductId::parse(product.trim()).map_err(|_| InvalidServices::Name)?;
    let service = name(service)?;
    if products.is_some_and(|products| !products.serves(&product)) {
        return Err(InvalidServices::OtherProduct);
    }
    Ok(Some((product, service)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(id: &str) -> ProductId {
        ProductId::parse(id).unwrap()
    }

    fn products(ids: &[&str]) -> Products {
        Products::new(ids.iter().map(|id| product(id)).collect()).unwrap()
    }

    fn service(services: &Services, id: &str) -> Option<String> {
        services.of(&product(id)).map(ToString::to_string)
    }

    #[test]
    fn the_only_product_needs_no_pair() {
        for ids in [["a", "a"].as_slice(), &["a"]] {
            for text in ["a.example.com", "a=a.example.com", " a = a.example.com "] {
                let services = Services::parse(text, Some(&products(ids))).unwrap();
                assert_eq!(service(&services, "a").as_deref(), Some("a.example.com"));
                assert_eq!(service(&services, "b"), None);
                assert!(services.only().is_some());
            }
        }
    }

    #[test]
    fn each_product_has_its_own_service_or_none() {
        let products = products(&["a", "b", "c"]);
        let services = Services::parse("a=x.example.com, b=y.example.com", Some(&products));
        let services = services.unwrap();
        assert_eq!(service(&services, "a").as_deref(), Some("x.example.com"));
        assert_eq!(service(&services, "b").as_deref(), Some("y.example.com"));
        assert_eq!(service(&services, "c"), None);
        assert_eq!(services.only(), None);
    }

    #[test]
    fn with_several_products_each_service_says_whose_it_is() {
        for text in ["x.example.com", "a=x.example.com,y.example.com"] {
            let read = Services::parse(text, Some(&products(&["a", "b"])));
            assert_eq!(read, Err(vec![InvalidServices::WhoseIsMissing]), "{text}");
        }
    }

    #[test]
    fn a_product_is_served_and_named_once() {
        let products = products(&["a", "b"]);
        for text in ["c=x.example.com", "a=x.example.com,c=y.example.com"] {
            let read = Services::parse(text, Some(&products));
            assert_eq!(read, Err(vec![InvalidServices::OtherProduct]), "{text}");
        }
        for text in [
            "a=x.example.com,a=y.example.com",
            "a=x.example.com,b=y.example.com,a=x.example.com",
        ] {
            let read = Services::parse(text, Some(&products));
            assert_eq!(read, Err(vec![InvalidServices::Twice]), "{text}");
        }
    }

    #[test]
    fn every_problem_is_found_at_once() {
        let text = "Not a name,x.example.com,c=y.example.com,a=z.example.com,a=z.example.com,";
        let read = Services::parse(text, Some(&products(&["a", "b"])));
        let all = vec![
            InvalidServices::Name,
            InvalidServices::WhoseIsMissing,
            InvalidServices::OtherProduct,
            InvalidServices::Twice,
        ];
        assert_eq!(read, Err(all));
    }

    #[test]
    fn every_problem_is_refused_by_its_reason() {
        let products = products(&["a", "b"]);
        let mut refused = Vec::new();
        let text = "x.example.com,c=y.example.com";
        let read = Services::read(text, Some(&products), |reason| refused.push(reason));
        assert_eq!(read, None);
        let reasons = [
            InvalidServices::WhoseIsMissing,
            InvalidServices::OtherProduct,
        ];
        assert_eq!(refused, reasons.map(InvalidServices::reason));
        let read = Services::read("a=x.example.com", Some(&products), |_| unreachable!());
        assert!(read.is_some());
    }

    #[test]
    fn names_are_examined_without_products_too() {
        for text in [
            "Not a name",
            "a=",
            "=x.example.com",
            "a b=x.example.com",
            "",
        ] {
            let read = Services::parse(text, None);
            assert_eq!(read, Err(vec![InvalidServices::Name]), "{text}");
        }
        assert!(Services::parse("x.example.com", None).is_ok());
    }
}
