"""What runs when a page is written or built: notebooks, drawings, the browser, colors, the page's modules."""
