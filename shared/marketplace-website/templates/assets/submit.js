// The Marketplace posts its token without another click.
document.forms[0].submit();
