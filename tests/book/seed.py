"""What the article that this guide started from asks and lists, and where the guide answers it."""

#: The sample questions of the five stages, in the article's words; typographic quotes made plain.
QUESTIONS = {
    "stages/hr-screening.html": [
        "Why are you interested in the E-Commerce Order Fulfillment Procurement Manager role at TikTok?",
        "What aspects of procurement and fulfillment do you find most exciting in the context of TikTok's fast-growing "
        "platform?",
        "How do you align with TikTok's core values and mission?",
    ],
    "stages/technical.html": [
        "How would you optimize the order fulfillment process for TikTok Shop to improve delivery speed and customer "
        "satisfaction?",
        "Given a situation where order fulfillment costs are rising, how would you reduce them while maintaining service "
        "quality?",
        "What are your experiences with third-party logistics (3PL), and how would you manage relationships with "
        "logistics partners?",
    ],
    "stages/case-study.html": [
        "How would you handle a scenario where TikTok Shop's order fulfillment is delayed due to a supplier issue? What "
        "immediate actions would you take?",
        "Design a fulfillment strategy that minimizes costs but ensures timely deliveries for high-demand products "
        "during peak seasons like Singles' Day or Black Friday.",
    ],
    "stages/behavioral.html": [
        "Tell me about a time when you had to work with a cross-functional team to improve a supply chain issue. What was "
        "your role, and what was the outcome?",
        "Describe a situation where you had to manage conflicting priorities between procurement, inventory, and customer "
        "satisfaction.",
        "How do you ensure that procurement decisions align with overall business goals in a fast-paced environment?",
    ],
    "stages/final.html": [
        "Where do you see TikTok Shop's e-commerce operations in the next 3-5 years, and what role does procurement play "
        "in this vision?",
        "How would you balance short-term business goals (like reducing shipping costs) with long-term customer "
        "satisfaction goals (like timely deliveries)?",
        "What motivates you to work in e-commerce fulfillment, and how do you stay ahead of industry trends in "
        "procurement and logistics?",
    ],
}

#: The five responsibilities, by the article's headings: the pages to which each leads from the table of `start/role`.
RESPONSIBILITIES = {
    "Procurement and Supplier Management": [
        "responsibilities/procurement-and-suppliers.html",
        "cases/choosing-a-3pl.html",
        "cases/supplier-delay.html",
        "cases/negotiation.html",
    ],
    "Order Fulfillment Optimization": [
        "responsibilities/order-fulfillment.html",
        "cases/logistics-bottleneck.html",
        "cases/category-strategy.html",
    ],
    "Cross-Functional Collaboration": ["responsibilities/cross-functional.html", "cases/peak-season.html"],
    "Cost Management": ["responsibilities/cost-management.html", "cases/rising-cost.html"],
    "Performance Tracking": ["responsibilities/performance-tracking.html", "cases/logistics-bottleneck.html"],
}

#: The seven qualifications, by their anchor in `start/qualifications`: words that must stand in the section, in the
#: heading or below it, and the pages to which it leads.
QUALIFICATIONS = {
    "qual-degree": (["bachelor", "business", "logistics"], ["responsibilities/performance-tracking.html"]),
    "qual-years": (
        ["years of experience", "procurement", "e-commerce"],
        ["responsibilities/order-fulfillment.html", "cases/peak-season.html"],
    ),
    "qual-tools": (
        ["supply chain tools", "procurement systems", "inventory software"],
        ["reference/systems.html", "reference/kpi-catalog.html"],
    ),
    "qual-analysis": (
        ["analysis", "cost optimization", "vendor negotiation"],
        ["responsibilities/performance-tracking.html", "cases/rising-cost.html", "cases/negotiation.html"],
    ),
    "qual-3pl": (["3pl partners"], ["cases/choosing-a-3pl.html", "reference/contract-terms.html"]),
    "qual-platform": (
        ["e-commerce platforms", "tiktok shop"],
        ["reference/platform-facts.html", "reference/peers.html"],
    ),
    "qual-language": (["fluent english", "another language"], ["reference/glossary.html"]),
}

#: The two insights, by their anchor in `start/process`: the article's words, and the case to which each leads.
INSIGHTS = {
    "ins-bottleneck": (
        ["logistics bottleneck", "improving supplier relationships", "reducing shipping delays"],
        ["cases/logistics-bottleneck.html"],
    ),
    "ins-events": (
        ["experience in procurement", "large-scale fulfillment", "high-demand events", "holiday sales"],
        ["cases/peak-season.html"],
    ),
}

#: The four preparation tips, in the article's words: the pages to which each leads from the table of `start/role`.
TIPS = {
    "Research TikTok's E-commerce Fulfillment": ["reference/platform-facts.html"],
    "Prepare for Problem-Solving Scenarios": ["cases/supplier-delay.html", "stages/case-study.html"],
    "Brush Up on Supply Chain Optimization": [
        "responsibilities/order-fulfillment.html",
        "cases/category-strategy.html",
    ],
    "Demonstrate Leadership and Teamwork": ["responsibilities/cross-functional.html", "stages/behavioral.html"],
}
