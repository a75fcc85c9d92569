"""What can be done from a page asks first."""

from playwright.async_api import Page, expect


async def test_a_question_is_answered_with_keys_and_the_page_follows(page: Page) -> None:
    await page.goto("/workers")
    question = page.get_by_role("dialog")
    await page.get_by_role("link", name="Pause all…").press("Enter")
    await expect(question).to_contain_text("No replica claims anything more")
    await page.keyboard.press("Escape")
    await expect(question).to_be_hidden()
    await expect(page.locator("p.warning")).to_have_count(0)

    await page.get_by_role("link", name="Pause all…").press("Enter")
    await expect(question.get_by_role("link", name="Leave it")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("p.note")).to_have_text("Paused: nothing more is claimed.")
    await expect(page.locator("p.warning")).to_contain_text("Paused by ")

    await page.get_by_role("link", name="Resume…").first.press("Enter")
    await question.get_by_role("button", name="Resume").press("Enter")
    await expect(page.locator("p.warning")).to_have_count(0)
